"""Who may write what in a live coverage. The verbs and the pages ask here.

The desk is whoever may publish the article; it may do everything. The reporters the desk has
named publish their own entries; what other reporters write waits for the desk.
"""

from typing import Any

from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Article
from live.models import LiveEntry, LiveEvent


def is_desk(user: Any, event: LiveEvent) -> bool:
    return permissions.may_publish(user, event.article)


def may_post(user: Any, event: LiveEvent) -> bool:
    """Whether the user's entries reach readers without anybody else's approval."""
    return is_desk(user, event) or (_writes(user) and is_named(user, event))


def is_named(user: Any, event: LiveEvent) -> bool:
    return event.reporters.filter(pk=user.pk).exists()


def why_not_open(user: Any, event: LiveEvent) -> str:
    """Why the user may not see the coverage in the newsroom; empty when they may."""
    if not _writes(user):
        return _("Your role does not include writing.")
    known = event.article.is_public or event.article.status == Article.Status.WITHDRAWN
    if known or may_post(user, event) or permissions.is_own(user, event.article):
        return ""
    return _("This coverage has not begun for readers, and you are not one of its reporters.")


def why_not_write(user: Any, event: LiveEvent) -> str:
    """Why the user may not write an entry; empty when they may."""
    if why_not := why_not_open(user, event):
        return why_not
    if event.article.status == Article.Status.WITHDRAWN:
        return _("The article has been withdrawn.")
    return "" if event.is_running else _("This coverage has ended.")


def why_not_edit(user: Any, entry: LiveEntry) -> str:
    """Why the user may not change or withdraw the entry; empty when they may."""
    if is_desk(user, entry.event):
        return ""
    if entry.created_by_id != user.pk:
        return _("This entry is not yours.")
    if why_not := why_not_write(user, entry.event):
        return why_not
    if entry.status == LiveEntry.Status.DRAFT or may_post(user, entry.event):
        return ""
    return _("The desk has published this entry. Ask it for any change.")


def _writes(user: Any) -> bool:
    return user.is_active and user.has_perm("articles.add_article")
