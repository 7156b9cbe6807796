"""What the paper says of itself: the imprint and its standing pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import page_tags
from masthead.models import StandingPage


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """The masthead in force (base.html reads it), and every standing page of this language."""
    page_tags.tag(request, "masthead", "standing_pages")
    pages = StandingPage.objects.published().only("title", "slug", "language")
    return render(request, "masthead/imprint.html", {"pages": pages})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A standing page, at its address in its own language alone."""
    page_tags.tag(request, "standing_pages")
    page = get_object_or_404(StandingPage.objects.published(), slug=slug)
    return render(request, "masthead/page.html", {"standing_page": page})
