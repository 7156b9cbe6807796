"""The demo paper's videos and sounds, drawn and spoken by machine for it, and its breaking news."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from articles.models import Article, ArticleRecording, BreakingNews
from photos.archive import add_photo
from recordings.archive import CheckedSubtitles, add_recording
from recordings.models import Recording

FOLDER = Path(__file__).parent / "recordings"


def play(article: Article, data: dict[str, Any]) -> None:
    """Give ``article`` the recordings and the spoken version that its file names."""
    for position, words in enumerate(data.get("recordings", []), 1):
        recording = _recording(dict(words))
        ArticleRecording.objects.create(article=article, recording=recording, position=position)
    if "narration" in data:
        article.narration = _recording(dict(data["narration"]))
        article.save(update_fields=["narration"])


def break_news(data: dict[str, Any], made: dict[str, Article]) -> None:
    ends_at = timezone.now() + timedelta(hours=data["hours"])
    BreakingNews.objects.create(
        headline=data["headline"], article=made[data["article"]], ends_at=ends_at
    )


def _recording(words: dict[str, Any]) -> Recording:
    file = ContentFile((FOLDER / words.pop("file")).read_bytes())
    if poster := words.pop("poster", None):
        picture = BytesIO((FOLDER / poster).read_bytes())
        words["poster"] = add_photo(picture, alt=words.get("caption", ""))
    subtitles = words.pop("subtitles", "")
    checked = CheckedSubtitles(ContentFile(subtitles.encode())) if subtitles else None
    return add_recording(file, subtitles=checked, **words)
