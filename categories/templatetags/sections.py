from django import template
from django.template.context import Context

from categories.menus import menu_tree
from categories.models import Category

register = template.Library()


@register.simple_tag(takes_context=True)
def section_tree(context: Context) -> list[Category]:
    """Top-level sections with ``menu_children``, as ``categories.menus.menu_tree`` reads them."""
    return menu_tree(context["request"])
