"""From a reader's form to a pending comment."""

import re
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comments.forms import CommentForm
from comments.models import Comment
from comments.senders import sender_key
from core.vietnamese import fold, foreign_lookalikes, strip_overlay

RATE_WINDOW = timedelta(minutes=10)
_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|net|org|vn|info|top|xyz|club)\b", re.I)


class TooMany(Exception):
    """This sender has sent as many comments as the limit allows for now."""


def store(form: CommentForm, request: HttpRequest) -> Comment:
    """Store a valid form as a pending comment and return it.

    The same words of the same sender under the same article are stored once, however often and
    however fast they are sent. Raises ``TooMany`` above ``settings.COMMENT_RATE`` comments in ten
    minutes; a repeat of a stored comment does not count.
    """
    sender = sender_key(request)
    parent: Comment | None = form.cleaned_data["parent"]
    text: str = form.cleaned_data["text"]
    words = f"{form.article.pk}\n{parent.pk if parent else ''}\n{sender}\n{fold(text)}"
    fingerprint = salted_hmac("comments.fingerprint", words, algorithm="sha256").hexdigest()
    with transaction.atomic():
        known = Comment.objects.filter(fingerprint=fingerprint).first()
        if known:
            return known
        since = timezone.now() - RATE_WINDOW
        recent = Comment.objects.filter(sender=sender, created_at__gt=since).count()
        if recent >= settings.COMMENT_RATE:
            raise TooMany
        comment, _created = Comment.objects.get_or_create(
            fingerprint=fingerprint,
            defaults={
                "article": form.article,
                "parent": parent,
                "name": form.cleaned_data["name"],
                "email": form.cleaned_data["email"],
                "text": text,
                "sender": sender,
                "flags": ", ".join(warnings(f"{form.cleaned_data['name']}\n{text}"))[:300],
            },
        )
    return comment


def warnings(text: str) -> list[str]:
    """What a moderator should look at twice, in words for people."""
    found = []
    if _LINK.search(text):
        found.append(_("has a link"))
    if strip_overlay(text) != text:
        found.append(_("has marks drawn over letters"))
    if foreign_lookalikes(text):
        found.append(_("has look-alike letters of other alphabets"))
    return found
