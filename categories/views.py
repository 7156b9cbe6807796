"""The page of a section: what it is about and its articles, newest first."""

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from categories.menus import menu_tree
from categories.models import Category, CategoryAddress
from core import page_tags
from core.languages import current_language, main_language, plain_path
from core.paging import first_page_is_clean, numbered_page


@require_safe
@first_page_is_clean
def section(request: HttpRequest, slug: str, parent: str = "") -> HttpResponse:
    """A section or subsection; under a wrong or former address it sends the reader on."""
    category = Category.objects.select_related("parent").filter(slug=slug).first()
    if category is None:
        return _former_address(request)
    address = category.get_absolute_url()
    if address != request.path:
        return redirect(address, permanent=True)
    page_tags.tag(request, f"category:{category.pk}")
    listed = apps.get_model("articles", "Article").objects.for_cards().listed(category)
    page_tags.expires_at(request, listed.changes_at)
    page = numbered_page(request, listed)
    if not page.paginator.count and current_language() != main_language():
        raise Http404  # an edition has only the sections with something to read
    stories = list(page.object_list)
    page_tags.tag(request, *(f"article:{story.pk}" for story in stories))
    context = {
        "section": category,
        "children": _shown_children(request, category),
        "page": page,
        "lead": stories[0] if stories and page.number == 1 else None,
        "stories": stories[1:] if page.number == 1 else stories,
    }
    return render(request, "categories/section.html", context)


def _former_address(request: HttpRequest) -> HttpResponse:
    path = plain_path(request.path)
    former = CategoryAddress.objects.filter(path=path).select_related("category__parent")
    found = former.first()
    if found is None:
        raise Http404
    return redirect(found.category.get_absolute_url(), permanent=True)


def _shown_children(request: HttpRequest, category: Category) -> list[Category]:
    tree = menu_tree(request)
    return next((entry.menu_children for entry in tree if entry.pk == category.pk), [])  # type: ignore[attr-defined]
