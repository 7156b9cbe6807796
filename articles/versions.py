"""An article and its translations: at most one in each language, each knowing the others.

``Article.original`` is the same for all of them, that of the first one included.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import publishing
from articles.models import Article, ArticlePhoto, ArticleQuerySet, ArticleRecording
from core.languages import main_language, other_languages

if TYPE_CHECKING:
    from accounts.models import User

# What a translation takes over as it stands; the words are there to be written over.
COPIED = (
    "format",
    *("kicker", "headline", "standfirst", "body", "byline", "source", "category"),
    *("made_with_ai", "comments_open"),
)


def other_versions(article: Article) -> ArticleQuerySet:
    """The same article in other languages, in every state."""
    if article.original_id is None:
        return Article.objects.none()
    return Article.objects.filter(original=article.original_id).exclude(pk=article.pk)


@transaction.atomic
def link(article: Article, other: Article | None) -> None:
    """Make ``article`` a translation of ``other``, or of nothing.

    Raises ValidationError when the two cannot be versions of one article.
    """
    if other is None:
        _set_original(article, None)
        return
    if problem := why_not_link(article, other):
        raise ValidationError(problem)
    first = other.original_id or other.pk
    if other.original_id is None:
        _set_original(other, first)
    try:
        with transaction.atomic():
            _set_original(article, first)
    except IntegrityError as error:  # another desk was quicker
        raise ValidationError(_taken(article.language)) from error


def why_not_link(article: Article, other: Article) -> str:
    """Why the two cannot be one article in two languages, in words; empty when they can."""
    if article.pk is not None and article.pk == other.pk:
        return _("An article cannot be a translation of itself.")
    if article.language == other.language:
        return _("Both articles are in the same language (%(language)s).") % {
            "language": article.get_language_display()
        }
    same = other_versions(other).filter(language=article.language).exclude(pk=article.pk)
    if same.exists():
        return _taken(article.language)
    return ""


@transaction.atomic
def begin_translation(article: Article, language: str, *, by: "User") -> Article:
    """A draft in ``language`` with the photos, recordings, section and authors of ``article``.

    The words are copied too, for the translator to write over. Raises ValidationError when there
    is such a version already.
    """
    if not by.has_perm("articles.add_article"):
        raise PermissionDenied(_("Your role does not include writing articles."))
    draft = Article(language=language, created_by=by, version=1)
    for name in COPIED:
        setattr(draft, name, getattr(article, name))
    if problem := why_not_link(draft, article):
        raise ValidationError(problem)
    draft.save()
    draft.authors.set(article.authors.all())
    draft.more_categories.set(article.more_categories.all())
    for use in article.photos.all():
        ArticlePhoto.objects.create(
            article=draft,
            photo=use.photo,
            position=use.position,
            caption=use.caption,
            credit=use.credit,
            alt=use.alt,
        )
    for played in article.recordings.all():
        ArticleRecording.objects.create(
            article=draft, recording_id=played.recording_id, position=played.position
        )
    link(draft, article)
    publishing.record(draft, by=by, done="Begun as a translation", note=article.headline)
    return draft


# Marks for makemessages: what ``record`` writes.
def _messages() -> list[str]:
    return [_("Begun as a translation")]


def _set_original(article: Article, first: int | None) -> None:
    if article.original_id != first:
        article.original_id = first
        article.save(update_fields=["original", "changed_at"])


def _taken(language: str) -> str:
    name = dict(Article._meta.get_field("language").flatchoices)[language]
    return _("That article already has a version in this language (%(language)s).") % {
        "language": name
    }


def missing_languages(article: Article) -> list[str]:
    """Those the article has no version in yet, not even a draft."""
    there = {article.language, *other_versions(article).values_list("language", flat=True)}
    return [code for code in (main_language(), *other_languages()) if code not in there]
