"""What the paper prints: authors, tags, topics, articles and what hangs on an article."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.lists import ArticleList, Kind, ListOwner, Placement
from categories.models import Category
from core.addresses import path_of
from core.fields import HtmlField, LineField, TextField
from core.html import html_to_text
from core.languages import current_language, main_language, shown
from core.vietnamese import fold, index_text, person_sort_key, slugify
from photos.models import Photo
from recordings.formats import clock
from recordings.models import Recording


class Author(models.Model):
    """A journalist, with the pen names that bylines print."""

    name = LineField(_("name"), max_length=150)
    slug = models.SlugField(_("slug"), max_length=120, unique=True, blank=True)
    pen_names = TextField(
        _("pen names"),
        blank=True,
        max_length=500,
        help_text=_("One a line. A byline with one of them links to this author."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("staff account"),
    )
    role = LineField(_("role"), max_length=150, blank=True)
    role_en = LineField(
        _("role in English"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        help_text=_("For the English edition. Empty: the role above."),
    )
    bio = TextField(_("about the author"), blank=True, max_length=2000)
    bio_en = TextField(
        _("about the author in English"),
        blank=True,
        default="",
        db_default="",
        max_length=2000,
        help_text=_("For the English edition. Empty: the text above."),
    )
    photo = models.ForeignKey(
        Photo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="portrait_of",
        verbose_name=_("portrait"),
    )
    email = models.EmailField(_("public e-mail"), blank=True)
    sort_name = models.CharField(max_length=300, editable=False, default="")

    class Meta:
        ordering = ("sort_name", "id")
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or slugify(self.name)
        self.sort_name = "\x1f".join(person_sort_key(self.name))[:300]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("articles:author", args=[self.slug])

    @property
    def shown_role(self) -> str:
        return shown(self, "role")

    @property
    def shown_bio(self) -> str:
        return shown(self, "bio")

    @property
    def printed_names(self) -> list[str]:
        """The name and every pen name, as bylines may print them."""
        return [self.name, *filter(None, (line.strip() for line in self.pen_names.splitlines()))]


class Tag(models.Model):
    """A keyword. Its slug is folded, so one word with and without marks is one tag."""

    name = LineField(_("name"), max_length=100)
    name_en = LineField(
        _("name in English"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_("For the English edition. Empty: the name above."),
    )
    slug = models.SlugField(_("slug"), max_length=120, unique=True, blank=True)
    search_text = models.CharField(max_length=120, editable=False, default="", db_index=True)

    class Meta:
        ordering = ("search_text", "id")
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or slugify(self.name)
        self.search_text = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("articles:tag", args=[self.slug])

    @property
    def shown_name(self) -> str:
        return shown(self, "name")


class Topic(models.Model):
    """A running story (“Dòng sự kiện”) that articles join."""

    name = LineField(_("name"), max_length=150)
    name_en = LineField(
        _("name in English"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        help_text=_("For the English edition. Empty: the name above."),
    )
    slug = models.SlugField(_("slug"), max_length=120, unique=True, blank=True)
    description = TextField(_("description"), blank=True, max_length=1000)
    description_en = TextField(
        _("description in English"), blank=True, default="", db_default="", max_length=1000
    )

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or slugify(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("articles:topic", args=[self.slug])

    @property
    def shown_name(self) -> str:
        return shown(self, "name")

    @property
    def shown_description(self) -> str:
        return shown(self, "description")


class FormerSlug(models.Model):
    """A slug that an author, a keyword or a running story once had; kept by ``articles.former``."""

    kind = models.SmallIntegerField(choices=Kind)
    slug = models.SlugField(max_length=120, db_index=False)  # the constraint has an index
    owner = models.BigIntegerField()

    class Meta:
        default_permissions = ()  # nobody edits it
        constraints = (
            models.UniqueConstraint(fields=["slug", "kind"], name="former_slug_of_one_owner"),
        )

    def __str__(self) -> str:
        return f"{self.slug}: {Kind(self.kind).label} {self.owner}"


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """What the public may read: the only gate to any public page, list, feed or search.

        A time in the future is scheduling: the article appears by itself when it has come.
        """
        return self.filter(status=Article.Status.PUBLISHED, published_at__lte=timezone.now())

    def scheduled(self) -> Self:
        """Published with a time that has not come."""
        return self.filter(status=Article.Status.PUBLISHED, published_at__gt=timezone.now())

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-id")

    def in_language(self, language: str | None = None) -> Self:
        """Articles of one edition: that of the page being made unless told otherwise."""
        return self.filter(language=language or current_language())

    def in_list(self, owner: ListOwner) -> Self:
        """Articles in the list of a category, author, tag, topic or format, in every language."""
        return self.filter(pk__in=Placement.objects.in_any_language(owner).values("article_id"))

    def in_section(self, category: Category) -> Self:
        """Articles of a category, of its children, and those also placed in either."""
        return self.in_list(category)

    def listed(self, owner: ListOwner) -> ArticleList:
        """The public articles in a list, newest first, for pages however deep.

        Those in the language of the page that is being made, as all that readers get in lists.
        """
        return ArticleList(self, owner)

    def for_cards(self) -> Self:
        """With all that a card shows, in a fixed number of queries, without the bodies."""
        return (
            self.select_related("category__parent", "live_event")
            .prefetch_related("photos__photo")
            .annotate(video_length=_video_length())
            .defer(*("body", "search_body", "search_keys", "internal_note"), "live_event__summary")
        )


class Article(models.Model):
    """A story.

    ``status`` and ``published_at`` change through the verbs of ``articles.publishing`` only.
    A published article with a time in the future is scheduled. ``slug`` may stay empty until the
    first publication, which freezes it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Format(models.TextChoices):
        TEXT = "text", _("Text")
        PHOTO = "photo", _("Photo story")
        VIDEO = "video", _("Video")

    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=main_language,
        db_default="vi",
    )
    # What links an article and its translations: the one written first, also of that one itself.
    # Empty while there is only one. Set by articles.versions.
    original = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # the constraint's index begins with it
        related_name="versions",
        verbose_name=_("written first"),
    )
    kicker = LineField(
        _("kicker"), max_length=80, blank=True, help_text=_("Short label over the headline.")
    )
    headline = LineField(_("headline"), max_length=250)
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        blank=True,
        help_text=_("Made from the headline when empty; frozen at first publication."),
    )
    standfirst = TextField(_("standfirst"), blank=True, max_length=2000)
    body = HtmlField(_("body"), blank=True)
    byline = LineField(
        _("byline"), max_length=250, blank=True, help_text=_("As printed under the text.")
    )
    authors = models.ManyToManyField(
        Author, blank=True, related_name="articles", verbose_name=_("authors")
    )
    source = LineField(
        _("source"), max_length=200, blank=True, help_text=_("Such as “Theo TTXVN”.")
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="articles", verbose_name=_("category")
    )
    more_categories = models.ManyToManyField(
        Category, blank=True, related_name="more_articles", verbose_name=_("more categories")
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="articles", verbose_name=_("tags"))
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="articles", verbose_name=_("topics")
    )
    format = models.CharField(
        _("format"),
        max_length=5,
        choices=Format,
        default=Format.TEXT,
        help_text=_("Photo stories and videos have a page of their own."),
    )
    narration = models.ForeignKey(
        Recording,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": Recording.Kind.AUDIO},
        related_name="narrated",
        verbose_name=_("spoken version"),
        help_text=_("The article read aloud; readers get it under “Listen”."),
    )
    made_with_ai = models.BooleanField(
        _("made with AI"), default=False, help_text=_("Readers are told under the text.")
    )
    comments_open = models.BooleanField(_("comments open"), default=True)
    approved_comments = models.PositiveIntegerField(default=0, editable=False)
    internal_note = TextField(
        _("internal note"), blank=True, max_length=5000, help_text=_("Never shown to readers.")
    )

    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    revised_at = models.DateTimeField(
        _("updated for readers at"), null=True, blank=True, editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal_note = LineField(
        _("note on the withdrawal"), max_length=300, blank=True, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="articles_created",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    # Raised at every save of the admin form, which refuses to overwrite a newer version.
    version = models.PositiveIntegerField(default=0, editable=False)

    search_headline = models.TextField(editable=False, default="")
    search_body = models.TextField(editable=False, default="")
    search_keys = models.TextField(editable=False, default="")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = (
            ("publish_article", _("Can publish, schedule and withdraw articles")),
            ("edit_every_article", _("Can edit articles of others")),
            ("edit_front_page", _("Can arrange the front page")),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="published_article_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published") | ~models.Q(slug=""),
                name="published_article_has_a_slug",
            ),
            models.CheckConstraint(condition=~models.Q(headline=""), name="article_has_a_headline"),
            models.UniqueConstraint(
                fields=["original", "language"], name="one_version_in_each_language"
            ),
        )
        indexes = (
            models.Index(
                fields=["-published_at", "-id"],
                condition=models.Q(status="published"),
                name="article_public_order",
            ),
            models.Index(
                fields=["language", "-published_at", "-id"],
                condition=models.Q(status="published"),
                name="article_edition_order",
            ),
            models.Index(
                fields=["category", "-published_at", "-id"],
                condition=models.Q(status="published"),
                name="article_section_order",
            ),
            models.Index(fields=["status", "-changed_at"], name="article_desk_order"),
            models.Index(fields=["-changed_at", "-id"], name="article_change_order"),
        )

    def __str__(self) -> str:
        return self.headline

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the columns that are derived from this row."""
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if fields is None or {"headline", "standfirst", "byline", "body"} & set(fields):
            self.derive_search_columns()
            if fields is not None:
                derived = {"search_headline", "search_body", "search_keys"}
                kwargs["update_fields"] = {*fields, *derived}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        slug = self.slug or slugify(self.headline)
        return path_of("articles:article", slug, self.pk, language=self.language)

    def derive_search_columns(self) -> None:
        """Fill the folded columns that the search index is made of."""
        text = "\n".join((self.standfirst, self.byline, html_to_text(self.body)))
        # What readers read of a live coverage is part of its article.
        live = getattr(self, "live_event", None)
        folded, exact = live.search_words() if live else ("", "")
        self.search_headline = index_text(self.headline)
        self.search_body = f"{index_text(text)} {folded}".strip()
        keys = index_text(f"{self.headline}\n{text}", exact=True)
        self.search_keys = f"{keys} {exact}".strip()

    @property
    def is_public(self) -> bool:
        """Whether readers may see it now; for one object what ``published()`` is for many."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.PUBLISHED and not self.is_public

    @property
    def lead_photo(self) -> "ArticlePhoto | None":
        """The first photo that has a file; reads the prefetched photos."""
        return next((use for use in self.photos.all() if use.photo_id), None)

    @property
    def length(self) -> str:
        """How long the video of a video story is, where cards show it: ``3:07``."""
        seconds: int | None = getattr(self, "video_length", None)
        return clock(seconds) if seconds else ""


class ArticlePhoto(models.Model):
    """One use of a photo in one article, with its own words.

    A use without a photo (an import whose picture file is missing) keeps caption and credit.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="photos")
    photo = models.ForeignKey(
        Photo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uses",
        verbose_name=_("photo"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    caption = TextField(
        _("caption"), blank=True, max_length=1000, help_text=_("Empty: the archive's.")
    )
    credit = LineField(
        _("credit"), blank=True, max_length=200, help_text=_("Empty: the archive's.")
    )
    alt = LineField(
        _("alternative text"), blank=True, max_length=300, help_text=_("Empty: the archive's.")
    )

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("photo in the article")
        verbose_name_plural = _("photos in the article")

    def __str__(self) -> str:
        return self.shown_caption or f"#{self.pk}"

    @property
    def shown_caption(self) -> str:
        return self.caption or (self.photo.caption if self.photo else "")

    @property
    def shown_credit(self) -> str:
        return self.credit or (self.photo.credit if self.photo else "")

    @property
    def shown_alt(self) -> str:
        return self.alt or (self.photo.alt if self.photo else "")


class ArticleRecording(models.Model):
    """One use of a video or a sound in one article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="recordings")
    recording = models.ForeignKey(
        Recording, on_delete=models.PROTECT, related_name="uses", verbose_name=_("recording")
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("recording in the article")
        verbose_name_plural = _("recordings in the article")

    def __str__(self) -> str:
        return str(self.recording)


class TextPhoto(models.Model):
    """A photo of the archive that stands in the text of an article, in whatever state that is.

    Kept by ``articles.text_photos`` as texts are saved, so that the archive knows what it is
    needed for without reading every text.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="text_photos")
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="text_uses")

    class Meta:
        default_permissions = ()  # nobody edits it
        verbose_name = _("photo in a text")
        verbose_name_plural = _("photos in texts")
        constraints = (
            models.UniqueConstraint(fields=["article", "photo"], name="text_photo_once"),
        )

    def __str__(self) -> str:
        return f"{self.article_id}: {self.photo_id}"


def _video_length() -> models.Expression:
    """The length of the first video of a video story; of any other story nothing is looked up."""
    videos = ArticleRecording.objects.filter(
        article=models.OuterRef("pk"), recording__kind=Recording.Kind.VIDEO
    )
    first = models.Subquery(videos.order_by("position", "id").values("recording__duration")[:1])
    return models.Case(models.When(format=Article.Format.VIDEO, then=first))


def has_recordings() -> models.Exists:
    """To ask with an article whether it has any, as most have none."""
    return models.Exists(ArticleRecording.objects.filter(article=models.OuterRef("pk")))


class RelatedLink(models.Model):
    """A link the desk chose for ``[links()]``: to an article of ours or to an outside address."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_links")
    target = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="linked_from",
        verbose_name=_("article"),
    )
    url = models.URLField(_("outside address"), max_length=500, blank=True)
    title = LineField(
        _("title"),
        max_length=250,
        blank=True,
        help_text=_("Needed for an outside address; else the headline is used."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("related link")
        verbose_name_plural = _("related links")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(target__isnull=False, url="")
                | (models.Q(target__isnull=True) & ~models.Q(url="") & ~models.Q(title="")),
                name="related_link_has_one_target",
                violation_error_message=_(
                    "Choose an article, or give an outside address and its title; not both."
                ),
            ),
            models.UniqueConstraint(
                fields=["article", "target"],
                name="related_link_once",
                violation_error_message=_("This article is already in the list."),
            ),
        )

    def __str__(self) -> str:
        return self.title or (self.target.headline if self.target else self.url)

    def clean(self) -> None:
        if self.target_id and self.target_id == self.article_id:
            raise ValidationError({"target": _("An article cannot be related to itself.")})


class Correction(models.Model):
    """A correction printed with the article and on the corrections page (Press Law, art. 42)."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="corrections")
    wrong = TextField(_("what was wrong"), max_length=2000)
    right = TextField(_("what is right"), max_length=2000)
    made_at = models.DateTimeField(_("corrected at"), default=timezone.now)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"{self.article}: {self.right[:60]}"


class FrontSlotQuerySet(models.QuerySet["FrontSlot"]):
    def current(self) -> Self:
        """Slots that hold now and whose article readers of this language may see."""
        # Asked for each place: as a set, SQLite would read every public article.
        public = Article.objects.published().in_language().filter(pk=models.OuterRef("article"))
        return self.filter(
            models.Q(ends_at=None) | models.Q(ends_at__gt=timezone.now()), models.Exists(public)
        )


class FrontSlot(models.Model):
    """A place at the top of the front page that the desk filled; the rest fills itself by time."""

    position = models.PositiveIntegerField(_("position"), unique=True)
    article = models.OneToOneField(
        Article,
        on_delete=models.CASCADE,
        related_name="front_slot",
        verbose_name=_("article"),
    )
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = FrontSlotQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        verbose_name = _("front page place")
        verbose_name_plural = _("front page places")

    def __str__(self) -> str:
        return f"{self.position}. {self.article}"


class BreakingNewsQuerySet(models.QuerySet["BreakingNews"]):
    def current(self) -> Self:
        """Those of the edition being read whose end has not come, newest first."""
        return self.filter(language=current_language(), ends_at__gt=timezone.now())


class BreakingNews(models.Model):
    """One line over pages and lists (“Nóng”), which goes by itself at its end."""

    headline = LineField(_("headline"), max_length=160)
    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="breaking_news",
        verbose_name=_("article"),
        help_text=_("The line is shown only while readers may read it."),
    )
    url = models.URLField(_("outside address"), max_length=500, blank=True)
    ends_at = models.DateTimeField(_("until"))
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=main_language
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = BreakingNewsQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("breaking news")
        verbose_name_plural = _("breaking news")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(article=None) | models.Q(url=""),
                name="breaking_news_has_one_target",
                violation_error_message=_(
                    "Choose an article or give an outside address, not both."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.headline

    @property
    def address(self) -> str:
        return self.article.get_absolute_url() if self.article else self.url

    @property
    def is_shown(self) -> bool:
        return self.ends_at > timezone.now() and (self.article is None or self.article.is_public)


# How often an article whose time has come is told of when whoever began it has died, how long
# nobody else begins meanwhile, and until when it is still news.
MOST_ATTEMPTS = 3
CLAIM = timedelta(minutes=2)
STILL_NEWS = timedelta(days=1)


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def plan(self, article: Article) -> None:
        """What is to be told of ``article`` by the clock: that it appears, if it is scheduled."""
        self.filter(Q(article=article) | Q(at__lt=timezone.now() - STILL_NEWS)).delete()
        if article.is_scheduled:
            self.create(article=article, at=article.published_at)

    def take_due(self) -> list["Announcement"]:
        """Those whose time has come, for the caller alone, who deletes each once it is told.

        What is not deleted is given out again when its claim has lapsed: its taker has died.
        """
        now = timezone.now()
        due = self.filter(at__range=(now - STILL_NEWS, now), attempts__lt=MOST_ATTEMPTS)
        free = due.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
        found = list(free.select_related("article__category"))
        return [one for one in found if self._claim(one, now + CLAIM)]

    def _claim(self, one: "Announcement", until: datetime) -> bool:
        """Whether this call gets it: of several at once, the database lets one change the row."""
        unchanged = self.filter(pk=one.pk, attempts=one.attempts)
        return unchanged.update(attempts=one.attempts + 1, claimed_until=until) == 1

    def next_at(self) -> datetime | None:
        """When the next time comes."""
        return self.filter(at__gt=timezone.now()).aggregate(models.Min("at"))["at__min"]

    def hopeless(self) -> Self:
        """Those that nobody will take any more."""
        now = timezone.now()
        given_up = Q(attempts__gte=MOST_ATTEMPTS, claimed_until__lt=now)
        return self.filter(given_up | Q(at__lt=now - STILL_NEWS))


class Announcement(models.Model):
    """That an article will appear by the clock and is to be told of then (articles.announcing)."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # nobody edits it

    def __str__(self) -> str:
        return f"{self.at}: {self.article}"


class ImportedPage(models.Model):
    """Where an imported article came from; makes a second import of the same page a no-op."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="imported_from")
    checksum = models.CharField(max_length=64, unique=True)
    file_name = LineField(max_length=255)
    # The path the old site answered at, when the page tells it; readers are sent on with 301.
    old_path = models.CharField(max_length=500, blank=True, db_index=True)
    imported_at = models.DateTimeField(auto_now_add=True)
    report = TextField(blank=True)

    class Meta:
        verbose_name = _("imported page")
        verbose_name_plural = _("imported pages")

    def __str__(self) -> str:
        return self.file_name


def next_public_change(articles: ArticleQuerySet) -> datetime | None:
    """When the next of ``articles`` becomes public by itself; None if none is scheduled."""
    return articles.scheduled().aggregate(models.Min("published_at"))["published_at__min"]
