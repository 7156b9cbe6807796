"""An article in the admin: writing it, its buttons, its preview.

What a person may do is asked of ``articles.permissions``; how state changes, of
``articles.publishing``.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from articles import forms as desk_forms
from articles import permissions, publishing, versions
from articles.headlines import HEADLINES
from articles.models import (
    Article,
    ArticlePhoto,
    ArticleRecording,
    Correction,
    RelatedLink,
)
from articles.views import article_context
from core.changes import make_ahead
from core.converters import as_number
from core.finding import FoundByWords
from core.languages import main_language
from core.losses import TellsLosses
from core.refreshing import RefreshingAdmin, tell
from photos import renditions


@dataclass(frozen=True)
class Verb:
    """A button of the article page and the page that confirms it."""

    act: Callable[..., None]
    form: type[forms.Form]
    why_not: Callable[[Any, Article], str]
    button: str | Promise
    done: str | Promise
    explain: str | Promise
    states: tuple[str, ...]
    danger: bool = False


DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = (
    Article.Status.DRAFT.value,
    Article.Status.IN_REVIEW.value,
    Article.Status.PUBLISHED.value,
    Article.Status.WITHDRAWN.value,
)
SCHEDULED = "scheduled"

VERBS: dict[str, Verb] = {
    "submit": Verb(
        act=publishing.submit,
        form=desk_forms.SubmitForm,
        why_not=permissions.why_not_edit,
        button=_("Send for review"),
        done=_("“%s” is with the desk for review."),
        explain=_("The desk gets the article; you can change it again when it is sent back."),
        states=(DRAFT,),
    ),
    "publish": Verb(
        act=publishing.publish,
        form=desk_forms.PublishForm,
        why_not=permissions.why_not_publish,
        button=_("Publish"),
        done=_("“%s” is published."),
        explain=_("Readers see the article at once."),
        states=(DRAFT, IN_REVIEW, SCHEDULED, WITHDRAWN),
    ),
    "schedule": Verb(
        act=publishing.schedule,
        form=desk_forms.ScheduleForm,
        why_not=permissions.why_not_publish,
        button=_("Schedule"),
        done=_("“%s” is scheduled."),
        explain=_("The article appears by itself at that time."),
        states=(DRAFT, IN_REVIEW, SCHEDULED),
    ),
    "send-back": Verb(
        act=publishing.send_back,
        form=desk_forms.SendBackForm,
        why_not=permissions.why_not_publish,
        button=_("Send back"),
        done=_("“%s” is back with its reporter."),
        explain=_("The article becomes a draft again and its reporter can change it."),
        states=(IN_REVIEW,),
    ),
    "withdraw": Verb(
        act=publishing.withdraw,
        form=desk_forms.WithdrawForm,
        why_not=permissions.why_not_publish,
        button=_("Withdraw"),
        done=_("“%s” is withdrawn."),
        explain=_(
            "Readers no longer see the article, and its address says it was withdrawn."
            " A scheduled article just becomes a draft again."
        ),
        states=(PUBLISHED, SCHEDULED),
        danger=True,
    ),
}


def state_of(article: Article) -> str:
    return SCHEDULED if article.is_scheduled else article.status


def state_label(article: Article) -> str:
    return gettext("Scheduled") if article.is_scheduled else article.get_status_display()


def verbs_for(user: Any, article: Article) -> list[tuple[str, Verb]]:
    """The buttons that make sense now for this person."""
    state = state_of(article)
    return [
        (name, verb)
        for name, verb in VERBS.items()
        if state in verb.states
        and not verb.why_not(user, article)
        # Who can publish has no need to ask for a review.
        and not (name == "submit" and permissions.may_publish(user, article))
    ]


def thumbnail(photo: Any, width: int = 320) -> SafeString | str:
    if photo is None:
        return gettext("No picture")
    return format_html(
        '<img class="thumb" src="{}" alt="{}" loading="lazy">',
        renditions.url(photo, width),
        photo.alt,
    )


class ArticlePhotoInline(admin.StackedInline):
    model = ArticlePhoto
    form = desk_forms.ArticlePhotoForm
    fields = ("thumb", "photo", "caption", ("credit", "alt"), "position")
    readonly_fields = ("thumb",)
    autocomplete_fields = ("photo",)
    extra = 0
    classes = ("desk-photos",)
    verbose_name = _("photo")
    verbose_name_plural = _("Photos, in order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArticlePhoto]:
        return super().get_queryset(request).select_related("photo")

    @admin.display(description="")
    def thumb(self, use: ArticlePhoto) -> SafeString | str:
        return thumbnail(use.photo) if use.pk else ""


class ArticleRecordingInline(admin.TabularInline):
    model = ArticleRecording
    form = desk_forms.ArticleRecordingForm
    fields = ("recording", "position")
    autocomplete_fields = ("recording",)
    extra = 0
    verbose_name = _("recording")
    verbose_name_plural = _("Video and audio, in order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArticleRecording]:
        return super().get_queryset(request).select_related("recording")


class RelatedLinkInline(admin.TabularInline):
    model = RelatedLink
    form = desk_forms.RelatedLinkForm
    fk_name = "article"
    fields = ("target", "url", "title", "position")
    autocomplete_fields = ("target",)
    extra = 0
    verbose_name_plural = _("Related links, in order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RelatedLink]:
        return super().get_queryset(request).select_related("target")


def _says_something_else(corrections: Any) -> bool:
    """Whether readers read other words in the corrections than before."""
    words = {"wrong", "right"}
    reworded = any(words & set(fields) for _row, fields in corrections.changed_objects)
    return bool(corrections.new_objects or corrections.deleted_objects or reworded)


def _note_revision(article: Article) -> None:
    """A correction is a new version of the article: machines go by its time."""
    if article.is_public:
        article.revised_at = timezone.now()
        article.save(update_fields=["revised_at", "changed_at"])


class CorrectionInline(admin.StackedInline):
    model = Correction
    fields = ("wrong", "right", "made_at")
    extra = 0
    classes = ("collapse",)
    verbose_name_plural = _("Corrections that readers see")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("wrong", "right"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (DRAFT, str(Article.Status.DRAFT.label)),
            (IN_REVIEW, str(Article.Status.IN_REVIEW.label)),
            (SCHEDULED, gettext("Scheduled")),
            (PUBLISHED, str(Article.Status.PUBLISHED.label)),
            (WITHDRAWN, str(Article.Status.WITHDRAWN.label)),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Article]:
        state = self.value()
        if state == SCHEDULED:
            return queryset.scheduled()
        if state == PUBLISHED:
            return queryset.published()
        return queryset.filter(status=state) if state else queryset


class MineFilter(admin.SimpleListFilter):
    title = gettext_lazy("whose")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", gettext("My articles")), ("draft", gettext("My drafts"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if not self.value():
            return queryset
        mine = queryset.filter(permissions.own_articles(request.user))
        return mine.filter(status=DRAFT) if self.value() == "draft" else mine


class SectionFilter(admin.SimpleListFilter):
    title = gettext_lazy("section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        categories = desk_forms.Category.objects.only("name", "parent", "position")
        return [
            (str(category.pk), desk_forms.tree_label(category))
            for category in desk_forms.in_tree_order(categories)
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Article]:
        section = as_number(self.value())
        if section is None:
            return queryset
        return queryset.in_section(desk_forms.Category(pk=section))


# Rendered when shown, in the language of who sees it.
_SHORTCODE_HELP = lazy(partial(render_to_string, "admin/articles/article/shortcodes.html"), str)()


@admin.register(Article)
class ArticleAdmin(FoundByWords, TellsLosses, RefreshingAdmin):
    form = desk_forms.ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    inlines = (ArticlePhotoInline, ArticleRecordingInline, RelatedLinkInline, CorrectionInline)
    autocomplete_fields = ("authors", "tags", "topics", "narration")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "opened_version",
                    "overwrite",
                    "category",
                    "kicker",
                    "headline",
                    "standfirst",
                )
            },
        ),
        (
            _("Text"),
            {"fields": ("body",), "classes": ("desk-body",), "description": _SHORTCODE_HELP},
        ),
        (_("Who wrote it"), {"fields": ("byline", "authors", "source", "made_with_ai")}),
        (_("Where it is found"), {"fields": ("tags", "new_tags", "topics", "slug")}),
        (_("Languages"), {"fields": ("language", "translation_of")}),
        (_("Photo, video, audio"), {"fields": ("format", "narration")}),
        (_("More categories"), {"fields": ("more_categories",), "classes": ("collapse",)}),
        (_("For the desk"), {"fields": ("comments_open", "internal_note", "mark_revised")}),
    )
    list_display = ("title", "state", "category", "signed", "when")
    list_filter = (
        MineFilter,
        StateFilter,
        SectionFilter,
        "language",
        "authors",
    )
    list_select_related = ("category", "created_by")
    list_per_page = 50
    search_fields = ("search_headline",)
    search_help_text = _(
        "Whole words of the headline, with or without marks; if nothing has them, the last may be"
        " the beginning of one. The newest come first."
    )
    word_index = HEADLINES
    ordering = ("-changed_at", "-id")
    show_facets = admin.ShowFacets.NEVER
    actions = None
    save_on_top = False
    view_on_site = False

    class Media:
        css = {"all": ("admin-newsroom/article.css",)}
        js = ("admin-newsroom/article.js",)

    # --- who sees what ----------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        articles = permissions.visible_to(request.user)
        if request.path.endswith("/autocomplete/"):
            articles = permissions.readable_by(request.user)  # any of them can be linked to
        return articles.defer("search_body", "search_keys").order_by(*self.ordering)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Article | None:
        """The article, if this person may see it; says why not when it exists."""
        article = super().get_object(request, object_id, from_field)
        if article is None and (number := as_number(object_id)) is not None:
            hidden = Article.objects.filter(pk=number).first()
            if hidden is not None:
                raise PermissionDenied(permissions.why_not_edit(request.user, hidden))
        return article

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None:
            return super().has_change_permission(request)
        return permissions.may_edit(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None:
            return super().has_delete_permission(request)
        return not permissions.why_not_delete(request.user, obj)

    # --- the list -----------------------------------------------------------------------

    @admin.display(description=_("headline"), ordering="search_headline")
    def title(self, article: Article) -> SafeString:
        foreign = article.language != main_language()
        labels = [article.get_language_display() if foreign else "", article.kicker]
        label = " · ".join(filter(None, labels))
        if not label:
            return format_html("{}", article.headline)
        return format_html('<small class="kicker">{}</small> {}', label, article.headline)

    @admin.display(description=_("status"), ordering="status")
    def state(self, article: Article) -> SafeString:
        return format_html(
            '<span class="state state-{}">{}</span>', state_of(article), state_label(article)
        )

    @admin.display(description=_("byline"), ordering="byline")
    def signed(self, article: Article) -> str:
        return article.byline or (str(article.created_by) if article.created_by else "–")

    @admin.display(description=_("time"), ordering="changed_at")
    def when(self, article: Article) -> str:
        moment = article.published_at if article.status == PUBLISHED else article.changed_at
        return date_format(timezone.localtime(moment), "H:i d/m/Y")

    # --- the form -----------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        body = form.base_fields.get("body")
        if body is not None:
            body.widget.allow_source = request.user.has_perm("articles.edit_front_page")
        translation_of = form.base_fields.get("translation_of")
        if translation_of is not None:
            column = Article._meta.get_field("original")
            translation_of.widget = AutocompleteSelect(column, self.admin_site)
        category = form.base_fields.get("category")
        if category is not None:
            # A second category pop-up beside a page-long form only gets in the way.
            category.widget = getattr(category.widget, "widget", category.widget)
        more = form.base_fields.get("more_categories")
        if more is not None:
            more.widget = forms.CheckboxSelectMultiple()
            more.help_text = ""
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        fieldsets: Any = self.fieldsets
        hidden: set[str] = set()
        renamed: dict[str, str] = {}
        if obj is None:
            hidden |= {"mark_revised", "overwrite", "opened_version"}
        elif not obj.is_public:
            hidden.add("mark_revised")
        if obj is not None and not self.has_change_permission(request, obj):
            hidden |= {"opened_version", "overwrite", "new_tags", "mark_revised"}
            hidden |= {"translation_of"}
            renamed["body"] = "body_shown"
        return [
            (
                title,
                {
                    **options,
                    "fields": [
                        renamed.get(name, name) for name in options["fields"] if name not in hidden
                    ],
                },
            )
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        fixed = ["body_shown"]
        if obj is not None and publishing.is_frozen(obj):
            fixed.append("slug")
        return fixed

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        author = getattr(request.user, "author", None)
        own = {"byline": author.name, "authors": [author.pk]} if author else {}
        return {**own, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("standfirst", "internal_note"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_inline_instances(self, request: HttpRequest, obj: Article | None = None) -> Any:
        inlines = super().get_inline_instances(request, obj)
        if obj is None or not publishing.is_frozen(obj):
            inlines = [inline for inline in inlines if not isinstance(inline, CorrectionInline)]
        return inlines

    @admin.display(description=_("body"))
    def body_shown(self, article: Article) -> SafeString:
        return SafeString(f'<div class="body-shown">{article.body}</div>')  # cleaned at save

    # --- saving -------------------------------------------------------------------------

    def save_model(
        self, request: HttpRequest, obj: Article, form: desk_forms.ArticleForm, change: bool
    ) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
            obj.version = 1
            obj.save()
            return
        columns = {field.name for field in Article._meta.concrete_fields}
        written = (columns & set(form.changed_data)) | {"version", "changed_at"}
        current = Article.objects.filter(pk=obj.pk).values_list("version", flat=True).get()
        obj.version = current + 1
        if form.moves_between_versions:
            versions.link(obj, None)  # it joins others when all is saved
        if form.cleaned_data.get("mark_revised"):
            obj.revised_at = timezone.now()
            written.add("revised_at")
        obj.save(update_fields=written)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """New photos and links without a place go to the end, in the order they were added."""
        if formset.model in (ArticlePhoto, ArticleRecording, RelatedLink):
            rows = [row for row in formset.forms if row not in formset.deleted_forms]
            last = max((row.instance.position for row in rows), default=0)
            for row in rows:
                if row.has_changed() and row.instance.pk is None and not row.instance.position:
                    last += 1
                    row.instance.position = last
        super().save_formset(request, form, formset, change)
        if formset.model is Correction and change and _says_something_else(formset):
            _note_revision(form.instance)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # Its own page may not be stored yet.
        make_ahead(form.instance.get_absolute_url())

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._next_page(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._next_page(request, obj) or super().response_change(request, obj)

    def _next_page(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """Where a button that saves first goes on to."""
        user: Any = request.user
        verb = request.POST.get("_verb", "")
        if verb == "submit":
            return self._act(request, article, verb, lambda: publishing.submit(article, by=user))
        if verb in VERBS:
            return HttpResponseRedirect(self._address("verb", article, verb))
        if "_preview" in request.POST:
            return HttpResponseRedirect(self._address("preview", article))
        return None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = dict(extra_context or {})
        if object_id is not None:
            article = self.get_object(request, unquote(object_id))
            if article is not None:
                why_not = permissions.why_not_edit(request.user, article)
                if why_not and request.method == "POST":
                    return self._give_back(request, article, why_not)
                context |= {
                    "article": article,
                    "why_not": why_not,
                    "state": state_of(article),
                    "state_label": state_label(article),
                    "verbs": verbs_for(request.user, article),
                    "desk_warnings": publishing.warnings(article),
                    "other_versions": self._visible_versions(request, article),
                    "may_translate": request.user.has_perm("articles.add_article")
                    and versions.missing_languages(article),
                }
        else:
            blank = Article(created_by_id=request.user.pk)
            names: tuple[str, ...] = ("publish", "schedule")
            if not request.user.has_perm("articles.publish_article"):
                names = ("submit",)
            context |= {"article": blank, "verbs": [(name, VERBS[name]) for name in names]}
        response: Any = super().changeform_view(request, object_id, form_url, context)
        response.policy = "editor"  # newsroom.security
        return response

    def _give_back(self, request: HttpRequest, article: Article, why_not: str) -> HttpResponse:
        """Refuse a save that is no longer allowed without losing what was typed."""
        typed = [
            (article._meta.get_field(name).verbose_name, request.POST[name])  # type: ignore[union-attr]
            for name in ("headline", "standfirst", "body", "internal_note")
            if request.POST.get(name)
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Not saved"),
            "article": article,
            "why_not": why_not,
            "typed": typed,
        }
        template = "admin/articles/article/not_saved.html"
        return TemplateResponse(request, template, context, status=403)

    # --- verbs and preview --------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        preview = path(
            "<number:pk>/preview/", wrap(self.preview_view), name="articles_article_preview"
        )
        verbs = [
            path(
                f"<number:pk>/{name}/",
                wrap(partial(self.verb_view, name=name)),
                name=f"articles_article_{name}",
            )
            for name in VERBS
        ]
        translate = path(
            "<number:pk>/translate/", wrap(self.translate_view), name="articles_article_translate"
        )
        return [preview, translate, *verbs, *super().get_urls()]

    def _address(self, page: str, article: Article, verb: str = "") -> str:
        name = verb if page == "verb" else page
        return reverse(f"admin:articles_article_{name}", args=[article.pk])

    def _get_visible(self, request: HttpRequest, pk: int) -> Article:
        article = self.get_object(request, str(pk))
        if article is None:
            raise Http404
        return article

    def verb_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Ask, and on POST act; says why when the person may not."""
        article = self._get_visible(request, pk)
        verb = VERBS[name]
        if why_not := verb.why_not(request.user, article):
            raise PermissionDenied(why_not)
        form = verb.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            began = time.time()
            try:
                verb.act(article, by=request.user, **form.cleaned_data)
            except publishing.PublishingError as error:
                form.add_error(None, forms.ValidationError(error.problems))
            else:
                return self._done(request, article, verb, began)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": verb.button,
            "article": article,
            "state": state_of(article),
            "state_label": state_label(article),
            "verb": verb,
            "form": form,
            "problems": publishing.problems(article) if name in ("publish", "schedule") else [],
            "desk_warnings": publishing.warnings(article),
        }
        return TemplateResponse(request, "admin/articles/article/verb.html", context)

    def _visible_versions(self, request: HttpRequest, article: Article) -> QuerySet[Article]:
        seen = permissions.visible_to(request.user)
        return seen.filter(pk__in=versions.other_versions(article)).only("language", "status")

    def translate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the language, and on POST begin the translation as a draft."""
        article = self._get_visible(request, pk)
        user: Any = request.user
        languages = versions.missing_languages(article)
        if not user.has_perm("articles.add_article"):
            raise PermissionDenied(gettext("Your role does not include writing articles."))
        form = desk_forms.TranslateForm(request.POST or None, languages=languages)
        if form.is_valid():
            try:
                draft = versions.begin_translation(article, form.cleaned_data["language"], by=user)
            except ValidationError as error:  # somebody was quicker
                form.add_error(None, error)
            else:
                text = gettext(
                    "A draft with the photos, the section and the authors. Write the text over the"
                    " old one."
                )
                messages.success(request, text)
                return HttpResponseRedirect(
                    reverse("admin:articles_article_change", args=[draft.pk])
                )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Make a translation"),
            "article": article,
            "state": state_of(article),
            "state_label": state_label(article),
            "verb": {
                "button": gettext("Make a translation"),
                "explain": gettext(
                    "It begins as a draft with the same photos, section, authors and words."
                ),
            },
            "form": form,
            "problems": [] if languages else [gettext("There is a version in every language.")],
        }
        return TemplateResponse(request, "admin/articles/article/verb.html", context)

    def _act(
        self, request: HttpRequest, article: Article, name: str, act: Callable[[], None]
    ) -> HttpResponse:
        began = time.time()
        try:
            act()
        except publishing.PublishingError as error:
            for problem in error.problems:
                messages.error(request, problem)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        return self._done(request, article, VERBS[name], began)

    def _done(
        self, request: HttpRequest, article: Article, verb: Verb, began: float
    ) -> HttpResponse:
        said = str(verb.done) % article.headline
        if article.is_public:
            message = format_html(
                '{} <a href="{}">{}</a>', said, article.get_absolute_url(), gettext("See it live")
            )
        elif article.is_scheduled and article.published_at:
            at = date_format(timezone.localtime(article.published_at), "H:i d/m/Y")
            message = format_html("{} {}", said, gettext("It appears at %s.") % at)
        else:
            message = format_html("{}", said)
        messages.success(request, message)
        tell(request, began, [f"article:{article.pk}"])
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The article in the reader's template, for whoever may see it in the newsroom."""
        article = self._get_visible(request, pk)
        with translation.override(article.language):
            context = article_context(request, article, versions.other_versions(article))
            html = render_to_string(
                "admin/articles/article/preview.html",
                {**context, "preview": True, "state_label": state_label(article)},
                request,
            )
        # Not a public page, although made by the same code.
        request.page_tags = set()  # type: ignore[attr-defined]
        response = HttpResponse(html)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex"
        response.policy = "public"  # type: ignore[attr-defined]
        return response
