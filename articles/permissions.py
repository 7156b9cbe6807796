"""Who may touch which article. The admin and the verbs ask here, nothing else decides.

A reporter has the articles they began or are an author of; an editor those of their sections
(``Category.editors``, children included; an editor named nowhere acts everywhere).
"""

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from articles.models import Article, ArticleQuerySet
from categories.models import Category

if TYPE_CHECKING:
    from accounts.models import User


def section_ids(user: "User") -> frozenset[int] | None:
    """Categories the user is bound to as an editor; None when bound to none.

    Remembered on the user, as Django remembers permissions.
    """
    if user.has_perm("articles.edit_front_page"):
        return None
    if not hasattr(user, "_section_ids"):
        named = Category.objects.filter(Q(editors=user) | Q(parent__editors=user))
        user._section_ids = frozenset(named.values_list("pk", flat=True))  # type: ignore[attr-defined]
    return user._section_ids or None  # type: ignore[attr-defined]


def acts_in(user: "User", category_id: int | None) -> bool:
    """Whether an editor's sections include this one."""
    sections = section_ids(user)
    return sections is None or category_id in sections


def own_articles(user: Any) -> Q:
    """Articles the user began or is an author of; many of what ``is_own`` is one."""
    signed = Article.authors.through.objects.filter(author__user=user)
    return Q(created_by=user) | Q(pk__in=signed.values("article_id"))


def visible_to(user: Any) -> ArticleQuerySet:
    """The articles a member of staff may open in the newsroom."""
    if not user.has_perm("articles.view_article"):
        return Article.objects.none()
    own = own_articles(user)
    if not user.has_perm("articles.edit_every_article"):
        return Article.objects.filter(own)
    sections = section_ids(user)
    if sections is None:
        return Article.objects.all()
    return Article.objects.filter(own | Q(category__in=sections))


def readable_by(user: Any) -> ArticleQuerySet:
    """The articles a member of staff may open, and those every reader may."""
    return Article.objects.published() | visible_to(user)


def is_own(user: "User", article: Article) -> bool:
    if article.created_by_id == user.pk:
        return True
    return article.pk is not None and article.authors.filter(user=user).exists()


def why_not_edit(user: Any, article: Article) -> str:
    """Why the user may not edit the article, in words; empty when they may."""
    if not user.has_perm("articles.change_article"):
        return _("Your role does not include editing articles.")
    desk = user.has_perm("articles.edit_every_article")
    if desk and acts_in(user, article.category_id):
        return ""
    if not is_own(user, article):
        if desk:
            return _("This article is in a section you do not edit.")
        return _("This article is not yours.")
    if article.status == Article.Status.DRAFT:
        return ""
    if article.status == Article.Status.IN_REVIEW:
        return _("The article is in review. Ask the desk to send it back if it must be changed.")
    return _("The article has been published. Ask the desk for any change.")


def may_edit(user: Any, article: Article) -> bool:
    return not why_not_edit(user, article)


def why_not_publish(user: Any, article: Article) -> str:
    """Why the user may not publish, schedule, withdraw or send back; empty when they may."""
    if not user.has_perm("articles.publish_article"):
        return _("Your role does not include publishing. Send the article for review instead.")
    if not acts_in(user, article.category_id):
        return _("This article is in a section you do not edit.")
    return ""


def may_publish(user: Any, article: Article) -> bool:
    return not why_not_publish(user, article)


def why_not_delete(user: Any, article: Article) -> str:
    """Why the article may not be deleted; empty when it may."""
    if not user.has_perm("articles.delete_article"):
        return _("Your role does not include deleting articles.")
    if article.status not in (Article.Status.DRAFT, Article.Status.IN_REVIEW):
        return _("An article that was published is withdrawn, never deleted.")
    return why_not_edit(user, article)
