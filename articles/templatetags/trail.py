"""Where a page is in the paper: for readers a line of links, for machines a BreadcrumbList."""

from typing import Any

from django import template
from django.template.context import Context

from articles.linked_data import CONTEXT, breadcrumbs, to_json

register = template.Library()

Step = tuple[str, str]


@register.inclusion_tag("components/trail.html", takes_context=True)
def trail(context: Context, *steps: Any, data: bool = True) -> dict[str, Any]:
    """The way from the front page to this page, which is the last step.

    A step is what has an address of its own (a section, an article), a name with a path, or the
    name of this page; empty ones are left out. ``data=False`` where the page has the list for
    machines already.
    """
    request = context["request"]
    found = [_step(step, request.path) for step in steps if step]
    return {
        "above": found[:-1],
        "linked_data": to_json({"@context": CONTEXT, **breadcrumbs(request, found)})
        if data
        else "",
    }


@register.filter
def at(name: str, path: str) -> Step:
    """A step with its address."""
    return name, path


def _step(step: Any, here: str) -> Step:
    if isinstance(step, tuple):
        return step
    if not hasattr(step, "get_absolute_url"):
        return str(step), here
    names = ("shown_name", "headline", "title", "name")
    name = next(getattr(step, one) for one in names if hasattr(step, one))
    return name, step.get_absolute_url()
