"""The live coverages of the demo paper: the table ``live`` in the file of an article."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from articles.models import Article
from live.models import LiveEntry, LiveEvent, LivePhoto
from photos.models import Photo


def make_live(
    article: Article, data: dict[str, Any], photos: dict[str, list[Photo]]
) -> LiveEvent | None:
    """Make ``article`` live if its file says so, with its entries and those who write them."""
    if "live" not in data:
        return None
    live = data["live"]
    event = LiveEvent.objects.create(
        article=article,
        started_at=article.published_at or timezone.now(),
        summary=live["summary"],
    )
    event.reporters.set(User.objects.filter(username__in=live["reporters"]))
    for entry in live["entries"]:
        _entry(event, entry, photos)
    newest = event.entries.newest_first().values_list("published_at", flat=True).first()
    Article.objects.filter(pk=article.pk).update(revised_at=newest)
    return event


def _entry(event: LiveEvent, data: dict[str, Any], photos: dict[str, list[Photo]]) -> None:
    time = timezone.now() - timedelta(minutes=data["minutes_ago"])
    author = User.objects.filter(author__name=data["byline"]).first()
    revised = data.get("revised_after")
    entry = LiveEntry.objects.create(
        event=event,
        **{name: data[name] for name in ("headline", "is_key", "correction") if name in data},
        body=data["body"],
        byline=data["byline"],
        created_by=author,
        status=LiveEntry.Status.PUBLISHED,
        published_at=time,
        revised_at=time + timedelta(minutes=revised) if revised else None,
    )
    if "photo" in data:
        key, number = data["photo"]
        LivePhoto.objects.create(entry=entry, photo=photos[key][number])
