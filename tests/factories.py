"""Plain functions that make the things tests need; every argument may be overridden."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from PIL import Image

from accounts.models import User
from articles.models import Article, Author, Tag, Topic
from categories.models import Category
from comments.models import Comment
from live.models import LiveEntry, LiveEvent
from masthead.models import Masthead, PartnerLink

_number = count(1)


def make_user(role: str = "", **overrides: Any) -> User:
    """A staff member; ``role`` is one of ``reporter editor chief moderator`` or empty."""
    n = next(_number)
    values = {"username": f"user{n}", "name": f"Nguyễn Văn {n}", "is_staff": True} | overrides
    password = values.pop("password", "mat-khau-thu-1")
    user = User.objects.create_user(password=password, **values)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_category(**overrides: Any) -> Category:
    n = next(_number)
    return Category.objects.create(**{"name": f"Chuyên mục {n}", "position": n} | overrides)


def make_author(**overrides: Any) -> Author:
    return Author.objects.create(**{"name": f"Hoài Anh {next(_number)}"} | overrides)


def make_tag(**overrides: Any) -> Tag:
    return Tag.objects.create(**{"name": f"Từ khóa {next(_number)}"} | overrides)


def make_topic(**overrides: Any) -> Topic:
    return Topic.objects.create(**{"name": f"Dòng sự kiện {next(_number)}"} | overrides)


def make_article(
    *,
    tags: Sequence[Tag] = (),
    authors: Sequence[Author] = (),
    topics: Sequence[Topic] = (),
    more_categories: Sequence[Category] = (),
    **overrides: Any,
) -> Article:
    """A published article, one hour old unless told otherwise."""
    n = next(_number)
    values: dict[str, Any] = {
        "headline": f"Tin số {n} của tỉnh",
        "slug": f"tin-so-{n}-cua-tinh",
        "standfirst": f"Phần mở đầu của tin số {n}.",
        "body": f"<p>Nội dung của tin số {n}.</p>",
        "status": Article.Status.PUBLISHED,
        "published_at": timezone.now() - timedelta(hours=1),
    } | overrides
    if isinstance(values["published_at"], str):
        values["published_at"] = datetime.fromisoformat(values["published_at"])
    if "category" not in values:
        values["category"] = Category.objects.first() or make_category()
    article = Article.objects.create(**values)
    # Adding none asks as much as adding some.
    if tags:
        article.tags.set(tags)
    if authors:
        article.authors.set(authors)
    if topics:
        article.topics.set(topics)
    if more_categories:
        article.more_categories.set(more_categories)
    return article


def make_draft(**overrides: Any) -> Article:
    return make_article(
        **{"status": Article.Status.DRAFT, "published_at": None, "slug": ""} | overrides
    )


def make_comment(article: Article, **overrides: Any) -> Comment:
    """An approved comment unless told otherwise; does not touch the article's count."""
    n = next(_number)
    values: dict[str, Any] = {
        "name": f"Bạn đọc {n}",
        "text": f"Ý kiến số {n}.",
        "status": Comment.Status.APPROVED,
        "fingerprint": f"fingerprint-{n}",
    } | overrides
    if values["status"] != Comment.Status.PENDING:
        values.setdefault("decided_at", timezone.now())
    return Comment.objects.create(article=article, **values)


def make_masthead(**overrides: Any) -> Masthead:
    values: dict[str, Any] = {
        "name": "Báo Sông Quê",
        "valid_from": timezone.localdate() - timedelta(days=next(_number)),
    }
    return Masthead.objects.create(**values | overrides)


def make_partner_link(**overrides: Any) -> PartnerLink:
    n = next(_number)
    values = {"name": f"Trang bạn {n}", "url": f"https://partner{n}.example/"}
    return PartnerLink.objects.create(**values | overrides)


def image_bytes(
    width: int = 640, height: int = 480, image_format: str = "JPEG", **save_options: Any
) -> bytes:
    """A real picture file, drawn in memory; no two calls give the same bytes."""
    n = next(_number)
    image = Image.new("RGB", (width, height), (n * 37 % 256, n * 91 % 256, n * 53 % 256))
    image.paste((n % 256, n // 256 % 256, 200), (0, 0, width // 2, height // 2))
    buffer = BytesIO()
    image.save(buffer, image_format, **save_options)
    return buffer.getvalue()


def make_live_event(article: Article | None = None, **overrides: Any) -> LiveEvent:
    """A coverage that runs, of a published article unless one is given."""
    reporters = overrides.pop("reporters", ())
    event = LiveEvent.objects.create(article=article or make_article(), **overrides)
    event.reporters.set(reporters)
    return event


def make_live_entry(event: LiveEvent, **overrides: Any) -> LiveEntry:
    """A published entry unless told otherwise; each is a second younger than the one before."""
    n = next(_number)
    values: dict[str, Any] = {
        "body": f"<p>Diễn biến số {n}.</p>",
        "byline": "Hoàng Văn Nam",
        "status": LiveEntry.Status.PUBLISHED,
    } | overrides
    if values["status"] != LiveEntry.Status.DRAFT:
        start = timezone.now() - timedelta(hours=12)
        values.setdefault("published_at", start + timedelta(seconds=n))
    return LiveEntry.objects.create(event=event, **values)
