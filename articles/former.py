"""Authors, keywords and running stories under a new slug: who comes by the old one is sent on.

A former slug is noted whoever changes it, and forgotten as soon as another takes it. What depends
on who has which slug is tagged ``addresses``. Connected by ``ArticlesConfig.ready``.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models.signals import post_delete, post_save, pre_save
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.lists import kind_of
from articles.models import Article, Author, FormerSlug, Tag, Topic
from core import page_tags

Owner = TypeVar("Owner", Author, Tag, Topic)


def connect() -> None:
    for model in (Author, Tag, Topic):
        pre_save.connect(_remember_slug, sender=model)
        post_save.connect(_keep_former_slug, sender=model)
        post_delete.connect(_forget, sender=model)


def formerly(model: type[Owner], slug: str) -> Owner | None:
    """Who had ``slug`` last, where nobody has it now."""
    owners = FormerSlug.objects.filter(kind=kind_of(model), slug=slug).values("owner")
    return model._default_manager.filter(pk__in=owners).first()


def sent_on(
    request: HttpRequest, model: type[Owner], slug: str, address: Callable[[Owner], str]
) -> HttpResponse:
    """Answer for a slug that nobody has: on to the ``address`` of who had it last, or 404.

    As on its page, a keyword or a running story is there only once it has a public article.
    """
    page_tags.tag(request, "addresses")
    owner = formerly(model, slug)
    if owner is None:
        raise Http404
    page_tags.tag(request, f"{owner._meta.model_name}:{owner.pk}")
    if not isinstance(owner, Author):
        listed = Article.objects.listed(owner)
        page_tags.expires_at(request, listed.changes_at)
        if not listed.count():
            raise Http404
    return redirect(address(owner), permanent=True)


def _remember_slug(sender: type[Author | Tag | Topic], instance: Any, **_: Any) -> None:
    if instance.pk is not None:
        stored = sender._default_manager.filter(pk=instance.pk)
        instance._stored_slug = stored.values_list("slug", flat=True).first()


def _keep_former_slug(
    instance: Any, raw: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    old: str | None = instance.__dict__.pop("_stored_slug", None)
    if raw or old == instance.slug or (update_fields is not None and "slug" not in update_fields):
        return
    kind = kind_of(instance)
    taken, _of_which = FormerSlug.objects.filter(kind=kind, slug=instance.slug).delete()
    if old:
        FormerSlug.objects.update_or_create(kind=kind, slug=old, defaults={"owner": instance.pk})
    if old or taken:
        page_tags.drop("addresses")


def _forget(instance: Any, **_: Any) -> None:
    FormerSlug.objects.filter(kind=kind_of(instance), owner=instance.pk).delete()
    page_tags.drop("addresses")
