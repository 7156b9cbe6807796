"""The admin of the desk; the article itself is in ``articles.admin_article``."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import admin_article  # noqa: F401 - registers itself
from articles.models import Author, BreakingNews, FrontSlot, Tag, Topic
from core.losses import TellsLosses
from core.refreshing import RefreshingAdmin
from core.vietnamese import fold, slugify

# How long a line of breaking news stays unless told otherwise.
BREAKING_HOURS = 3


def matching(queryset: QuerySet[Any], term: str, *columns: str) -> QuerySet[Any]:
    """Rows with the words of ``term`` in any of the columns, marks or none; for short tables."""
    words = fold(term).split()
    rows = queryset.order_by().values_list("pk", *columns)
    found = [
        row[0] for row in rows if all(word in fold(" ".join(map(str, row[1:]))) for word in words)
    ]
    return queryset.filter(pk__in=found[:500])


class FoldedSearchAdmin(TellsLosses, RefreshingAdmin):
    """Search that needs no Vietnamese marks."""

    folded_columns: tuple[str, ...] = ("name",)
    search_fields = ("name",)  # switches the search box and autocomplete on
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return matching(queryset, search_term, *self.folded_columns), False


class EntryForm(forms.ModelForm):
    """A name with an address made from it."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        slug = data.get("slug") or slugify(data.get("name", ""), 120)
        same = self._meta.model.objects.filter(slug=slug).exclude(pk=self.instance.pk).first()
        if data.get("name") and same:
            field = "slug" if data.get("slug") else "name"
            self.add_error(
                field,
                forms.ValidationError(_("This exists already: “%(name)s”."), params={"name": same}),
            )
        return data


class EntryAdmin(FoldedSearchAdmin):
    form = EntryForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        name = getattr(request.resolver_match, "url_name", "")
        if name and name.endswith("changelist"):
            return queryset.annotate(article_count=Count("articles"))
        return queryset

    @admin.display(description=_("articles"), ordering="article_count")
    def article_count(self, entry: Any) -> int:
        return entry.article_count


@admin.register(Author)
class AuthorAdmin(EntryAdmin):
    list_display = ("name", "role", "user", "article_count")
    list_select_related = ("user",)
    folded_columns = ("name", "pen_names")
    autocomplete_fields = ("photo", "user")
    fields = (
        *("name", "slug", "pen_names", "role", "role_en", "user", "photo", "email"),
        *("bio", "bio_en"),
    )


@admin.register(Tag)
class TagAdmin(EntryAdmin):
    list_display = ("name", "article_count")
    fields = ("name", "slug", "name_en")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in fold(search_term).split():
            named = Q(search_text__contains=word) | Q(name_en__icontains=word)
            queryset = queryset.filter(named)
        return queryset, False


@admin.register(Topic)
class TopicAdmin(EntryAdmin):
    list_display = ("name", "article_count")
    folded_columns = ("name", "name_en")
    fields = ("name", "slug", "description", "name_en", "description_en")


class BreakingNewsForm(forms.ModelForm):
    class Meta:
        model = BreakingNews
        fields = ("headline", "article", "url", "ends_at", "language")

    def clean_ends_at(self) -> datetime:
        ends_at: datetime = self.cleaned_data["ends_at"]
        if "ends_at" in self.changed_data and ends_at <= timezone.now():
            raise forms.ValidationError(_("This time has passed: choose a later one."))
        return ends_at


@admin.register(BreakingNews)
class BreakingNewsAdmin(RefreshingAdmin):
    """One line over the front page and the sections; the newest that has not ended is shown."""

    form = BreakingNewsForm
    list_display = ("headline", "ends_at", "shown_now")
    list_select_related = ("article",)
    autocomplete_fields = ("article",)
    actions = None

    @admin.display(description=_("shown now"), boolean=True)
    def shown_now(self, news: BreakingNews) -> bool:
        return news.is_shown

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        ends_at = timezone.now() + timedelta(hours=BREAKING_HOURS)
        return {"ends_at": ends_at, **super().get_changeform_initial_data(request)}


@admin.register(FrontSlot)
class FrontSlotAdmin(RefreshingAdmin):
    """The top of the front page: a number, an article, and until when."""

    list_display = ("article", "position", "ends_at", "holds")
    list_display_links = ("article",)
    list_select_related = ("article",)
    list_editable = ("position",)
    fields = ("position", "article", "ends_at")
    autocomplete_fields = ("article",)
    actions = None

    @admin.display(description=_("shown now"), boolean=True)
    def holds(self, slot: FrontSlot) -> bool:
        return slot.article.is_public and (slot.ends_at is None or slot.ends_at > timezone.now())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        last = FrontSlot.objects.order_by("-position").values_list("position", flat=True).first()
        return {"position": str((last or 0) + 1), **super().get_changeform_initial_data(request)}
