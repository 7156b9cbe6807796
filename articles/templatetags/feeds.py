"""Where a page's feeds are, for programs that look for them in its head."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from articles.feed_forms import FORMS
from articles.feeds import Owner, feed_paths

register = template.Library()

_ENDS = {"rss": "", "atom": " (Atom)", "json": " (JSON Feed)"}


@register.simple_tag
def feed_links(title: str, owner: Owner | None = None) -> SafeString:
    """Links to the feeds of ``owner``, or of the paper, in every form."""
    links = (
        (FORMS[form].content_type.partition(";")[0], title + _ENDS[form], path)
        for form, path in feed_paths(owner).items()
    )
    return format_html_join("\n", '<link rel="alternate" type="{}" title="{}" href="{}">', links)
