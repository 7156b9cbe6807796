"""Sending a comment, and reading all comments of an article."""

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from comments.forms import CommentForm
from comments.models import Comment
from comments.senders import is_from_our_pages
from comments.submission import TooMany, store
from core import page_tags
from core.converters import as_number
from core.paging import first_page_is_clean, numbered_page

PAGE_SIZE = 50


@require_safe
@first_page_is_clean
def all_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Every approved comment of an article, oldest first, in numbered pages."""
    article = get_object_or_404(Article.objects.published().in_language(), pk=pk)
    page_tags.tag(request, f"article:{article.pk}", "menus", "masthead", "partners")
    page = numbered_page(request, Comment.objects.threads(article), PAGE_SIZE)
    return render(
        request,
        "comments/all_comments.html",
        {"article": article, "page": page, "comments": page.object_list},
    )


@csrf_exempt  # the form stands on pages without cookie or token; the origin is checked instead
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a comment and answer on a private page (or in JSON for the script of the form)."""
    article = get_object_or_404(Article.objects.published().in_language(), pk=pk)
    if request.method != "POST":
        form = CommentForm(article=article, initial={"parent": request.GET.get("tra-loi")})
        return _form_page(request, form)
    try:
        form = CommentForm(request.POST, article=article)
    except RequestDataTooBig:
        if not _wants_json(request):
            raise  # the page of the error sends back to the form, where all is still there
        message = _("Your comment is far too long. Please shorten it and send it again.")
        return JsonResponse({"errors": {NON_FIELD_ERRORS: [message]}}, status=413)
    if form.is_trapped:
        return _thanks(request, article)  # a robot learns nothing
    if not is_from_our_pages(request):
        return _refusal(request, form, _("This form must be sent from the article's page."), 403)
    if not article.comments_open:
        return _refusal(request, form, _("Comments on this article are closed."), 403)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        store(form, request)
    except TooMany:
        message = _("You have sent many comments. Please wait ten minutes and send again.")
        return _refusal(request, form, message, 429)
    return _thanks(request, article)


@never_cache
@require_safe
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Tells the reader what happens next."""
    article = get_object_or_404(Article.objects.published().in_language(), pk=pk)
    return render(request, "comments/sent.html", {"article": article, "next_step": next_step()})


def next_step() -> str:
    """What a reader is told once a comment has come in."""
    return _(
        "Thank you. Your comment has reached the newsroom and will appear under the article once"
        " a moderator has approved it."
    )


def _thanks(request: HttpRequest, article: Article) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"message": next_step()}, status=201)
    response = redirect(reverse("comments:sent", args=[article.pk]))
    response.status_code = 303
    return response


def _refusal(request: HttpRequest, form: CommentForm, message: str, status: int) -> HttpResponse:
    form.add_error(None, message)
    return _form_page(request, form, status=status)


def _form_page(request: HttpRequest, form: CommentForm, status: int = 200) -> HttpResponse:
    """The form on a page of its own, with what was typed and what is wrong with it."""
    if _wants_json(request) and form.is_bound:
        return JsonResponse({"errors": form.errors}, status=status)
    parent = form["parent"].value()
    context = {
        "article": form.article,
        "form": form,
        "limit": settings.COMMENT_MAX_LENGTH,
        "parent": _answered(form, parent),
    }
    return render(request, "comments/form_page.html", context, status=status)


def _answered(form: CommentForm, parent: object) -> Comment | None:
    field = form.fields["parent"]
    number = as_number(parent)
    return None if number is None else field.queryset.filter(pk=number).first()  # type: ignore[attr-defined]


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
