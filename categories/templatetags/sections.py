from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from categories.menus import editions, menu_tree
from categories.models import Category
from core.languages import current_language, main_language, translated

register = template.Library()


@register.simple_tag(takes_context=True)
def section_tree(context: Context) -> list[Category]:
    """Top-level sections with ``menu_children``, as ``categories.menus.menu_tree`` reads them."""
    return menu_tree(context["request"])


@dataclass(frozen=True)
class Edition:
    """Another language to read in: ``path`` is this page in it, else its front page."""

    language: str
    name: str
    path: str


@register.simple_tag(takes_context=True)
def other_editions(context: Context) -> list[Edition]:
    """The editions but that of this page; empty while the paper has only one."""
    versions: list[Any] = context.get("translations") or []
    here = {version.language: version.get_absolute_url() for version in versions}
    found = []
    for language, name in editions(context["request"]):
        if language != current_language():
            with translation.override(language):
                path = here.get(language) or reverse("articles:front")
            found.append(Edition(language, name, path))
    return found


@register.simple_tag
def paper_lang() -> SafeString:
    """``lang`` for what the paper has only in its own language, on a page in another one."""
    if current_language() == main_language():
        return SafeString("")
    return format_html(' lang="{}"', main_language())


@register.simple_tag
def lang_of(row: Any, column: str) -> SafeString:
    """``lang`` for a name that is shown in the paper's own language for want of another."""
    return SafeString("") if translated(row, column) else paper_lang()
