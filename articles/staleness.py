"""Which public pages a change makes old, whoever makes it: a verb, the admin, an import, a shell.

Connected by ``ArticlesConfig.ready``. ``QuerySet.update()`` sends no signal: who uses it on
something readers see must call ``core.page_tags.drop``.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.utils import timezone

from articles.lists import Kind, Placement
from articles.models import (
    Article,
    ArticlePhoto,
    ArticleRecording,
    Author,
    BreakingNews,
    Correction,
    FrontSlot,
    RelatedLink,
    Tag,
    Topic,
)
from articles.versions import other_versions
from categories.models import Category
from core.languages import main_language
from core.page_tags import drop
from masthead.models import Masthead, PartnerLink, StandingPage
from photos.models import Photo
from recordings.models import Recording

# Columns of an article that no page shows; the comment count is dropped by who changes it.
UNSEEN = frozenset(
    (
        *("approved_comments", "internal_note", "version", "changed_at", "created_by"),
        *("search_headline", "search_body", "search_keys"),
    )
)
# Whether readers may read an article, and where: on these a line that leads to it depends.
WHERE_IT_IS = ("status", "published_at", "slug", "language")
# What only the article and its translations show.
ON_ITS_PAGE = UNSEEN | {"original"}


def tags_of(article: Article) -> set[str]:
    """The tags of all pages that show the article or list it."""
    tags = {"front", f"article:{article.pk}", *_section_tags(article.category)}
    tags |= _archive_tags(article.published_at)
    for category in article.more_categories.select_related("parent"):
        tags |= _section_tags(category)
    for kind, related in (
        ("author", article.authors),
        ("tag", article.tags),
        ("topic", article.topics),
    ):
        tags |= {f"{kind}:{pk}" for pk in related.values_list("pk", flat=True)}
    linking = article.linked_from.values_list("article_id", flat=True)
    tags.add(f"format:{article.format}")
    return tags | {f"article:{pk}" for pk in linking} | _version_tags(article)


def connect() -> None:
    """Listen to every model whose rows readers see."""
    pre_save.connect(_remember_lists, sender=Article)
    post_save.connect(_article_saved, sender=Article)
    pre_delete.connect(_article_deleted, sender=Article)
    for field in (Article.authors, Article.tags, Article.topics, Article.more_categories):
        m2m_changed.connect(_article_relations_changed, sender=field.through)
    m2m_changed.connect(_menus_changed, sender=Category.also_under.through)
    for model, receiver in (
        (ArticlePhoto, _part_changed),
        (ArticleRecording, _part_changed),
        (Correction, _part_changed),
        (RelatedLink, _part_changed),
        (FrontSlot, _front_changed),
        (BreakingNews, _breaking_news_changed),
        (Author, _entry_changed),
        (Tag, _entry_changed),
        (Topic, _entry_changed),
        (Category, _category_changed),
        (Masthead, _masthead_changed),
        (PartnerLink, _partners_changed),
        (StandingPage, _standing_pages_changed),
    ):
        post_save.connect(receiver, sender=model)
        post_delete.connect(receiver, sender=model)
    post_save.connect(_photo_changed, sender=Photo)
    post_save.connect(_recording_changed, sender=Recording)


def _archive_tags(published_at: datetime | None) -> set[str]:
    """The tags of the day and the month of the archive that list an article of this time."""
    if published_at is None:
        return set()
    day = timezone.localdate(published_at)
    return {f"day:{day}", f"month:{day:%Y-%m}"}


def _section_tags(category: Category) -> set[str]:
    tags = {f"category:{category.pk}"}
    return tags | {f"category:{category.parent_id}"} if category.parent_id else tags


def _version_tags(article: Article) -> set[str]:
    """The tags of the translations, whose pages link to the article."""
    return {f"article:{pk}" for pk in other_versions(article).values_list("pk", flat=True)}


def _was_seen(article: Article) -> bool:
    return article.status in (Article.Status.PUBLISHED, Article.Status.WITHDRAWN)


def _remember_lists(instance: Article, **_: Any) -> None:
    """Note the lists the article leaves: their pages showed it."""
    if instance.pk is None:
        return
    old = Article.objects.filter(pk=instance.pk).select_related("category")
    left = old.only(*WHERE_IT_IS, "format", "original", "category__parent_id").first()
    if left is None:
        return
    moves = any(getattr(left, name) != getattr(instance, name) for name in WHERE_IT_IS)
    instance._moves = moves  # type: ignore[attr-defined]
    tags = _section_tags(left.category) | _archive_tags(left.published_at)
    tags.add(f"format:{left.format}")
    if left.original_id != instance.original_id:
        tags |= _version_tags(left)
    instance._left_tags, instance._left_language = tags, left.language  # type: ignore[attr-defined]


def _article_saved(instance: Article, update_fields: frozenset[str] | None, **_: Any) -> None:
    if not _was_seen(instance):
        return
    if update_fields is not None and update_fields <= UNSEEN:
        return
    if getattr(instance, "_moves", False) and instance.breaking_news.exists():
        drop("breaking")
    left: set[str] = getattr(instance, "_left_tags", set())
    if update_fields is not None and update_fields <= ON_ITS_PAGE:
        pages = _version_tags(instance) | {tag for tag in left if tag.startswith("article:")}
        drop(f"article:{instance.pk}", *pages)
        return
    _drop_all_that_show(instance, left)


def _drop_all_that_show(article: Article, more: Iterable[str] = ()) -> None:
    """Drop the lists of the article's edition, also of the one it leaves, and the pages."""
    tags = {*tags_of(article), *more}
    for language in {article.language, getattr(article, "_left_language", article.language)}:
        drop(*tags, language=language)
        if language != main_language():
            _drop_menus_of_edition(article, tags, language)


def _drop_menus_of_edition(article: Article, tags: set[str], language: str) -> None:
    """The first article of an edition, or of a section in it, makes a link to it; the last ends it.

    The edition's menus have the sections with articles in its language (``categories.menus``).
    """
    others = Article.objects.published().in_language(language).exclude(pk=article.pk)
    if not others.exists():
        drop("menus")
        return
    placed = Placement.objects.filter(kind=Kind.SECTION, language=language).public()
    placed = placed.exclude(article=article.pk)
    sections = [int(tag.partition(":")[2]) for tag in tags if tag.startswith("category:")]
    if not all(placed.filter(owner=section).exists() for section in sections):
        drop(f"menus:{language}")


def _article_deleted(instance: Article, **_: Any) -> None:
    # The lines that lead to it go with it, each with its own signal.
    if _was_seen(instance):
        _drop_all_that_show(instance)


def _article_relations_changed(
    sender: type[Model],
    instance: Model,
    action: str,
    pk_set: set[int] | None,
    model: type[Model],
    **_: Any,
) -> None:
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if not isinstance(instance, Article):  # author.articles.add(…)
        articles = Article.objects.filter(pk__in=pk_set or ())
        drop(f"{instance._meta.model_name}:{instance.pk}")
        for article in articles:
            _article_saved(article, None)
        return
    if _was_seen(instance):
        kind = model._meta.model_name
        _drop_all_that_show(instance, (f"{kind}:{pk}" for pk in pk_set or ()))


def _part_changed(instance: Any, **_: Any) -> None:
    article = Article.objects.filter(pk=instance.article_id).first()
    if article is not None and _was_seen(article):
        _drop_all_that_show(article)


def _photo_changed(instance: Photo, created: bool, **_: Any) -> None:
    if created:
        return
    # Its own tag is on pages where it stands in a text.
    drop(f"photo:{instance.pk}")
    drop(*(f"author:{pk}" for pk in instance.portrait_of.values_list("pk", flat=True)))
    for article in Article.objects.filter(photos__photo=instance).distinct():
        _article_saved(article, None)
    for recording in instance.poster_of.all():
        _recording_changed(recording, created=False)


def _recording_changed(instance: Recording, created: bool, **_: Any) -> None:
    if created:
        return
    plays = Q(recordings__recording=instance) | Q(narration=instance)
    for article in Article.objects.filter(plays).distinct():
        _article_saved(article, None)


def _entry_changed(instance: Model, created: bool = False, **_: Any) -> None:
    """An author, a tag or a topic: its own page, and the pages of articles that name it."""
    if not created:
        drop(f"{instance._meta.model_name}:{instance.pk}")


def _category_changed(instance: Category, **_: Any) -> None:
    drop("menus", *_section_tags(instance))


def _menus_changed(action: str, **_: Any) -> None:
    if action.startswith("post_"):
        drop("menus")


def _front_changed(**_: Any) -> None:
    drop("front")


def _breaking_news_changed(instance: BreakingNews, **_: Any) -> None:
    drop("breaking")


def _masthead_changed(**_: Any) -> None:
    drop("masthead")


def _partners_changed(**_: Any) -> None:
    drop("partners")


def _standing_pages_changed(**_: Any) -> None:
    drop("standing_pages")
