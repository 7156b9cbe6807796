"""A newspaper as one would begin it in Wagtail: sections with articles."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page


class SectionPage(Page):
    """A section; its own page is not part of the benchmark."""


class ArticlePage(Page):
    """A story; its title is the headline."""

    kicker = models.CharField(max_length=80, blank=True)
    standfirst = models.TextField(blank=True)
    byline = models.CharField(max_length=250, blank=True)
    body = RichTextField(blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("kicker"),
        FieldPanel("standfirst"),
        FieldPanel("byline"),
        FieldPanel("body"),
        InlinePanel("photos"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        section = self.get_parent()
        newest = ArticlePage.objects.live().child_of(section).order_by("-first_published_at")
        return {
            **context,
            "section": section,
            "menu": SectionPage.objects.live().in_menu(),
            "photos": self.photos.select_related("image").prefetch_related("image__renditions"),
            "related": newest.not_page(self)[:5],
        }


class ArticlePhoto(Orderable):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey("wagtailimages.Image", on_delete=models.CASCADE, related_name="+")
    caption = models.CharField(max_length=1000, blank=True)
    credit = models.CharField(max_length=200, blank=True)

    panels = [FieldPanel("image"), FieldPanel("caption"), FieldPanel("credit")]
