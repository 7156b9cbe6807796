"""The page on which entries are written, made for a phone in one hand; for staff only.

Its script (``live-admin/write.js``) asks for JSON; without it every button is a plain form.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from live import permissions, reporting
from live.forms import EntryForm, SummaryForm
from live.models import LiveEntry, LiveEvent
from live.plain import to_text
from photos.archive import PhotoError, add_photo
from photos.models import Photo

SHOWN = 30


def urls() -> list[URLPattern]:
    """Under the address of the live coverages in the admin."""
    pages: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
        ("<number:pk>/viet/", write, "live_write"),
        ("<number:pk>/viet/<number:number>/", change, "live_change"),
        ("<number:pk>/viet/<number:number>/<slug:verb>/", decide, "live_decide"),
        ("<number:pk>/viet/<slug:verb>/", steer, "live_steer"),
    )
    return [path(route, admin.site.admin_view(view), name=name) for route, view, name in pages]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a new entry; below stand those there are."""
    event = _event(request, pk)
    if request.method != "POST":
        return _page(request, event, EntryForm(user=request.user))
    form = EntryForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _refused(request, event, form)
    user: Any = request.user
    token = form.cleaned_data["token"]
    try:
        entry = reporting.post(event, form.words, by=user, token=token, photos=_photos(form, user))
    except reporting.Outdated as error:
        return _refused(request, event, _with_new_token(form, request), str(error), 409)
    except PhotoError as error:
        return _refused(request, event, form, error.messages[0], 503)
    except PermissionDenied as error:
        return _refused(request, event, form, str(error), 403)
    return _done(request, event, entry, _what_happened(entry))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Change an entry that is plain text."""
    event = _event(request, pk)
    entry = _entry(event, number)
    if why_not := permissions.why_not_edit(request.user, entry):
        if request.method != "POST":
            raise PermissionDenied(why_not)
    elif to_text(entry.body) is None:
        messages.info(request, _("This entry has more than plain text: change it here."))
        return HttpResponseRedirect(reverse("admin:live_liveentry_change", args=[entry.pk]))
    if request.method != "POST":
        return _page(request, event, EntryForm(user=request.user, entry=entry))
    form = EntryForm(request.POST, request.FILES, user=request.user, entry=entry)
    if not form.is_valid():
        return _refused(request, event, form)
    user: Any = request.user
    data = form.cleaned_data
    try:
        entry = reporting.revise(
            entry,
            form.words,
            by=user,
            version=data["version"] or 0,
            is_update=data.get("is_update", False),
            photos=_photos(form, user),
            without=[photo.pk for photo in data.get("without") or ()],
        )
    except reporting.Outdated as error:
        return _refused(request, event, _with_new_version(form, request), str(error), 409)
    except PhotoError as error:
        return _refused(request, event, form, error.messages[0], 503)
    except PermissionDenied as error:
        return _refused(request, event, form, str(error), 403)
    return _done(request, event, entry, _("Saved."))


@never_cache
@require_POST
def decide(request: HttpRequest, pk: int, number: int, verb: str) -> HttpResponse:
    """Approve or withdraw an entry."""
    verbs = {
        "duyet": (reporting.approve, _("Published. Readers see it now.")),
        "rut": (reporting.withdraw, _("Withdrawn. Readers no longer see it.")),
    }
    if verb not in verbs:
        raise Http404
    event = _event(request, pk)
    act, said = verbs[verb]
    entry = act(_entry(event, number), by=request.user)  # type: ignore[arg-type]
    return _done(request, event, entry, said)


@never_cache
@require_POST
def steer(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """End the coverage, go on with it, or write its summary."""
    event = _event(request, pk)
    user: Any = request.user
    if verb == "ket-thuc":
        reporting.end(event, by=user)
        said = _("The coverage has ended.")
    elif verb == "tiep-tuc":
        reporting.reopen(event, by=user)
        said = _("The coverage goes on.")
    elif verb == "tom-tat":
        form = SummaryForm(request.POST)
        if not form.is_valid():
            return _page(request, event, EntryForm(user=user), summary=form, status=422)
        reporting.summarise(event, form.cleaned_data["summary"], by=user)
        said = _("Saved.")
    else:
        raise Http404
    messages.success(request, said)
    return _back(event)


def _event(request: HttpRequest, pk: int) -> LiveEvent:
    event = get_object_or_404(LiveEvent.objects.select_related("article__category"), pk=pk)
    if why_not := permissions.why_not_open(request.user, event):
        raise PermissionDenied(why_not)
    return event


def _entry(event: LiveEvent, number: int) -> LiveEntry:
    entry: LiveEntry = get_object_or_404(event.entries.all(), pk=number)
    return entry


def _photos(form: EntryForm, user: Any) -> list[Photo]:
    """The photos sent, in the archive; a file sent twice is there once."""
    return [
        add_photo(file, by=user, **form.photo_words) for file in form.cleaned_data["photos"] or ()
    ]


def _page(
    request: HttpRequest,
    event: LiveEvent,
    form: EntryForm,
    *,
    summary: SummaryForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    entries = event.entries.select_related("created_by").prefetch_related("uses__photo")
    own = _with_rights(entries.filter(created_by=user).order_by("-created_at", "-pk"), user, event)
    others = entries.exclude(created_by=user)
    is_desk = permissions.is_desk(user, event)
    context = {
        **admin.site.each_context(request),
        "title": event.article.headline,
        "event": event,
        "form": form,
        "entry": form.entry,
        "why_not": permissions.why_not_write(user, event) if form.entry is None else "",
        "posts": permissions.may_post(user, event),
        "is_desk": is_desk,
        "summary_form": summary or SummaryForm(initial={"summary": event.summary}),
        "own": own,
        "waiting": _with_rights(others.waiting(), user, event) if is_desk else [],
        "others": _with_rights(others.published().newest_first(), user, event),
        "draft_key": f"{user.pk}-{event.pk}-{form.entry.pk if form.entry else 'new'}",
    }
    return TemplateResponse(request, "admin/live/write.html", context, status=status)


def _with_rights(entries: Any, user: Any, event: LiveEvent) -> list[LiveEntry]:
    """The first of ``entries``, each knowing what ``user`` may do with it."""
    shown: list[LiveEntry] = list(entries[:SHOWN])
    # Asked once for all of them, as why_not_edit would for each.
    is_desk, posts = permissions.is_desk(user, event), permissions.may_post(user, event)
    for entry in shown:
        own = entry.created_by_id == user.pk and event.is_running
        may = is_desk or (own and (posts or entry.status == LiveEntry.Status.DRAFT))
        entry.may_edit = may  # type: ignore[attr-defined]
        entry.may_approve = is_desk  # type: ignore[attr-defined]
    return shown


def _refused(
    request: HttpRequest, event: LiveEvent, form: EntryForm, why: str = "", status: int = 422
) -> HttpResponse:
    """Say why, with everything that was typed still in the form."""
    if why:
        form.add_error(None, why)
    if _wants_json(request):
        fields = {name: str(form[name].value() or "") for name in ("token", "version")}
        return JsonResponse({"errors": form.errors, **fields}, status=status)
    return _page(request, event, form, status=status)


def _done(request: HttpRequest, event: LiveEvent, entry: LiveEntry, said: str) -> HttpResponse:
    if not _wants_json(request):
        messages.success(request, said)
        return _back(event)
    [shown] = _with_rights(event.entries.filter(pk=entry.pk), request.user, event)
    html = render_to_string("admin/live/_item.html", {"entry": shown, "event": event}, request)
    token = str(EntryForm(user=request.user)["token"].value())
    return JsonResponse({"message": said, "html": html, "token": token}, status=201)


def _back(event: LiveEvent) -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse("admin:live_write", args=[event.pk]))
    response.status_code = 303
    return response


def _what_happened(entry: LiveEntry) -> str:
    if entry.status == LiveEntry.Status.PUBLISHED:
        return _("Published. Readers see it now.")
    if entry.status == LiveEntry.Status.WITHDRAWN:
        return _("This entry was sent before and has been withdrawn.")
    return _("Sent. It appears once the desk has approved it.")


def _with_new_token(form: EntryForm, request: HttpRequest) -> EntryForm:
    return _with(form, "token", str(EntryForm(user=request.user)["token"].value()))


def _with_new_version(form: EntryForm, request: HttpRequest) -> EntryForm:
    assert form.entry is not None  # noqa: S101 - only an entry that is there has a version
    version = LiveEntry.objects.values_list("version", flat=True).get(pk=form.entry.pk)
    return _with(form, "version", str(version))


def _with(form: EntryForm, name: str, value: str) -> EntryForm:
    data: Any = form.data
    form.data = data.copy()
    form.data[name] = value  # type: ignore[index]
    return form


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
