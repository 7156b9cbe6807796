"""The moderation queue."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from articles.headlines import HEADLINES
from comments import moderation
from comments.models import COMMENT_WORDS, Comment
from core.finding import FoundByWords, asked_words
from core.refreshing import RefreshingAdmin, refreshing

# The newest articles with the words in the headline, under which comments are looked for.
MOST_HEADLINES = 50


class QueueFilter(admin.SimpleListFilter):
    """Pending comments unless another list is asked for."""

    title = _("status")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Comment.Status.choices, ("all", _("All"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        value = self.value() or Comment.Status.PENDING
        return queryset if value == "all" else queryset.filter(status=value)

    def choices(self, changelist: Any) -> Any:
        current = self.value() or Comment.Status.PENDING
        for lookup, title in self.lookup_choices:
            yield {
                "selected": str(lookup) == current,
                "query_string": changelist.get_query_string({self.parameter_name: lookup}),
                "display": title,
            }


@admin.register(Comment)
class CommentAdmin(FoundByWords, RefreshingAdmin):
    list_display = ("sent", "words", "about", "state", "buttons")
    list_display_links = ("sent",)
    list_filter = (QueueFilter, "created_at")
    list_per_page = 50
    list_select_related = ("article", "article__category", "parent", "decided_by")
    ordering = ("created_at", "id")
    search_fields = ("search_text",)
    search_help_text = _(
        "Whole words of a comment, its sender or the headline above it, with or without marks; if"
        " nothing has them, the last may be the beginning of one. The newest come first."
    )
    word_index = COMMENT_WORDS
    actions = ("approve_selected", "refuse_selected")
    fields = (
        *("article_link", "answers", "name", "email", "text", "flags", "created_at", "state"),
        *("decided_by", "decided_at", "refusal_reason", "sender_history"),
    )
    readonly_fields = (
        *("article_link", "answers", "name", "email", "text", "flags", "created_at", "state"),
        *("decided_by", "decided_at", "refusal_reason", "sender_history"),
    )
    change_form_template = "admin/comments/comment/change_form.html"
    change_list_template = "admin/comments/comment/change_list.html"

    # Who may do what: the verbs check again.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._moderates(request)

    def has_view_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return self._moderates(request)

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return self._moderates(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return False

    def _moderates(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    # What the list shows.

    def found(self, text: str, rows: QuerySet[Comment], most: int) -> list[int]:
        """By name, e-mail and text, or by the headline above."""
        own = super().found(text, rows, most)
        words = asked_words(text)
        articles = HEADLINES.newest(words, MOST_HEADLINES) if words else []
        under = rows.filter(article__in=articles).order_by("-pk").values_list("pk", flat=True)
        return sorted({*own, *under[:most]}, reverse=True)[:most]

    @admin.display(description=_("sent at"), ordering="created_at")
    def sent(self, comment: Comment) -> Any:
        return comment.created_at

    @admin.display(description=_("comment"))
    def words(self, comment: Comment) -> str:
        warning = format_html('<p class="flags">⚠ {}</p>', comment.flags) if comment.flags else ""
        return format_html(
            '<b>{}</b> {}<div class="words">{}</div>{}',
            comment.name,
            comment.email,
            comment.text,
            warning,
        )

    @admin.display(description=_("article"))
    def about(self, comment: Comment) -> str:
        link = self.article_link(comment)
        if comment.parent is None:
            return link
        return format_html("{}<br>↳ {}: {}", link, comment.parent.name, comment.parent.text[:80])

    @admin.display(description=_("article"))
    def article_link(self, comment: Comment) -> str:
        return format_html(
            '<a href="{}" target="_blank" rel="noopener">{}</a>',
            comment.article.get_absolute_url(),
            comment.article.headline,
        )

    @admin.display(description=_("reply to"))
    def answers(self, comment: Comment) -> str:
        return str(comment.parent or "—")

    @admin.display(description=_("status"), ordering="status")
    def state(self, comment: Comment) -> str:
        return comment.get_status_display()

    @admin.display(description=_("this sender so far"))
    def sender_history(self, comment: Comment) -> str:
        counts = dict.fromkeys(Comment.Status, 0)
        for status in Comment.objects.filter(sender=comment.sender).values_list(
            "status", flat=True
        )[:1000]:
            counts[Comment.Status(status)] += 1
        return ", ".join(f"{status.label}: {n}" for status, n in counts.items())

    @admin.display(description=_("decision"))
    def buttons(self, comment: Comment) -> str:
        # formaction: the buttons stand inside the list's own form and use its token.
        parts = []
        for verb, status, label in (
            ("approve", Comment.Status.APPROVED, _("Approve")),
            ("refuse", Comment.Status.REFUSED, _("Refuse")),
        ):
            if comment.status != status:
                address = reverse(f"admin:comments_comment_{verb}", args=[comment.pk])
                parts.append(
                    format_html(
                        '<button class="button decide decide--{}" type="submit" formmethod="post"'
                        ' formaction="{}">{}</button>',
                        verb,
                        address,
                        label,
                    )
                )
        return format_html("{} {}", *parts) if len(parts) == 2 else parts[0]

    # What it does.

    @admin.action(description=_("Approve the selected comments"))
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        self._tell_approved(request, moderation.approve(queryset, by=cast(User, request.user)))

    @admin.action(description=_("Refuse the selected comments"))
    def refuse_selected(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        reason = request.POST.get("reason", "")[:200]
        self._tell_refused(
            request, moderation.refuse(queryset, by=cast(User, request.user), reason=reason)
        )

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        verbs = [
            path(
                f"<number:pk>/{verb}/",
                decide,
                {"verb": verb},
                name=f"comments_comment_{verb}",
            )
            for verb in ("approve", "refuse")
        ]
        return [*verbs, *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """What a button of the list does."""
        response: HttpResponse = refreshing(request, self._decide, pk, verb)
        return response

    def _decide(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        comment = get_object_or_404(Comment, pk=pk)
        if verb == "approve":
            self._tell_approved(request, moderation.approve([comment], by=cast(User, request.user)))
        else:
            reason = request.POST.get("reason", "")[:200]
            self._tell_refused(
                request, moderation.refuse([comment], by=cast(User, request.user), reason=reason)
            )
        queue = reverse("admin:comments_comment_changelist")
        back = request.POST.get("queue", "")
        return HttpResponseRedirect(f"{queue}?{back}" if back else queue)

    def _tell_approved(self, request: HttpRequest, n: int) -> None:
        text = ngettext(
            "%(n)d comment approved; readers see it now.",
            "%(n)d comments approved; readers see them now.",
            n,
        )
        self._tell(request, text, n)

    def _tell_refused(self, request: HttpRequest, n: int) -> None:
        self._tell(request, ngettext("%(n)d comment refused.", "%(n)d comments refused.", n), n)

    def _tell(self, request: HttpRequest, text: str, n: int) -> None:
        if n:
            messages.success(request, text % {"n": n})
        else:
            messages.info(request, _("Nothing to change: that was decided before."))
