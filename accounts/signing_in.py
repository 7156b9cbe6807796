"""Who has sent too many wrong passwords waits before the next.

Tries are counted by the user name and the network address they come from, so nobody can lock out
somebody else; and whether the name exists or not, so that nobody learns which do. The count is in
the database, which all machines share.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from accounts.models import FailedSignIn
from core.senders import sender_address

TRIES = 6
WITHIN = timedelta(minutes=15)


class SignInForm(AdminAuthenticationForm):
    """The log-in of the newsroom."""

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password or self.request is None:
            return super().clean()
        address = sender_address(self.request.META)
        # Noted before the password is looked at: many at once are counted like one by one.
        attempt = note_try(username, address)
        if again := blocked_until(attempt):
            attempt.delete()
            raise _refusal(again)
        data = super().clean()
        FailedSignIn.objects.filter(sender=attempt.sender).delete()
        return data


def note_try(username: str, address: str) -> FailedSignIn:
    """Count one more try; what counts no longer is forgotten."""
    now = timezone.now()
    FailedSignIn.objects.filter(at__lte=now - WITHIN).delete()
    # Names are one whatever their case, as people take them to be.
    key = f"{username.casefold()}\0{address}"
    sender = salted_hmac("accounts.signing_in", key, algorithm="sha256").hexdigest()
    return FailedSignIn.objects.create(username=username[:150], sender=sender, at=now)


def blocked_until(attempt: FailedSignIn) -> datetime | None:
    """When the sender of ``attempt`` may try again; None when this try is one of the allowed."""
    earlier = FailedSignIn.objects.filter(sender=attempt.sender).exclude(pk=attempt.pk)
    times = list(earlier.filter(at__gt=attempt.at - WITHIN).values_list("at", flat=True)[:TRIES])
    return times[-1] + WITHIN if len(times) == TRIES else None


def _refusal(again: datetime) -> ValidationError:
    # Up to the full minute: whoever comes at the time that is told gets in.
    local = timezone.localtime(again + timedelta(minutes=1))
    message = _(
        "Too many wrong passwords for this name. Try again at %(time)s, or ask the chief editor to"
        " lift this."
    )
    return ValidationError(message % {"time": time_format(local)}, code="too_many")
