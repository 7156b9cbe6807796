"""Fills an empty newsroom with the demo paper: ``paper.toml`` and the articles beside it."""

import re
import secrets
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import role_name
from articles.models import (
    Article,
    ArticlePhoto,
    Author,
    Correction,
    FrontSlot,
    RelatedLink,
    Tag,
    Topic,
)
from articles.versions import link
from categories.models import Category
from comments import moderation
from comments.models import Comment
from core.vietnamese import slugify
from masthead.models import Masthead, PartnerLink, StandingPage
from mostread.models import ReadCount
from newsroom.demo.live import make_live
from newsroom.demo.pictures import draw
from newsroom.demo.played import break_news, play
from photos.archive import add_photo
from photos.models import Photo

FOLDER = Path(__file__).parent
# A scene that many articles show is drawn in as many versions.
USES_OF_A_PICTURE = 4

Tell = Callable[[str], None]
Scene = tuple[str, int, bool]


def read_paper() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "paper.toml").read_text(encoding="utf-8"))


def read_articles() -> dict[str, dict[str, Any]]:
    """The articles by their key, which is the name of their file."""
    files = sorted((FOLDER / "articles").glob("*.toml"))
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}


def load(tell: Tell) -> list[tuple[str, str, str]]:
    """Load the demo paper and return its log-ins: role, user name, password.

    Either all of it is stored or, when something fails, nothing but pictures, which the next
    attempt finds again.
    """
    paper, articles = read_paper(), read_articles()
    photos = _photos(articles, tell)
    tell(f"Writing {len(articles)} articles")
    with transaction.atomic():
        logins = _staff(paper)
        _masthead(paper)
        categories = _categories(paper)
        authors = _authors(paper)
        topics = {
            topic["name"]: Topic.objects.create(**topic, slug=slugify(topic["name"]))
            for topic in paper["topics"]
        }
        made = {key: _article(data, categories, authors, topics) for key, data in articles.items()}
        _link_in_text(made)
        for key, data in articles.items():
            _illustrate(made[key], data.get("photos", []), photos[key])
            _relate(made[key], [made[other] for other in data.get("related", [])])
            _comments(made[key], data)
            make_live(made[key], data, photos)
            if "translation_of" in data:
                link(made[key], made[data["translation_of"]])
            play(made[key], data)
        moderation.recount(Article.objects.all())
        _front(paper, made)
        _correct(made)
        break_news(paper["breaking"], made)
        _read(paper, made)
    return logins


# --- people -----------------------------------------------------------------------------------


def _staff(paper: dict[str, Any]) -> list[tuple[str, str, str]]:
    """One account for each role and one for everything, with one password made up for all.

    A password that stood in the code would open every newsroom that was started from it.
    """
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    for person in paper["staff"]:
        user = User.objects.create_user(
            person["username"], password=password, name=person["name"], is_staff=True
        )
        user.groups.add(Group.objects.get(name=person["role"]))
    User.objects.create_superuser("quantri", password=password, name="Quản trị")
    logins = [(role_name(person["role"]), person["username"]) for person in paper["staff"]]
    return [(str(role), name, password) for role, name in [*logins, ("Quản trị", "quantri")]]


def _authors(paper: dict[str, Any]) -> dict[str, Author]:
    authors = {}
    for data in paper["authors"]:
        user = User.objects.get(username=data["user"]) if "user" in data else None
        seed = data.pop("portrait", None)
        photo = None if seed is None else _portrait(data["name"], seed)
        authors[data["name"]] = Author.objects.create(**data | {"user": user, "photo": photo})
    return authors


def _portrait(name: str, seed: int) -> Photo:
    file = BytesIO(draw("person", seed))
    file.name = f"person-{seed}.jpg"
    return add_photo(file, caption=name, credit="Tòa soạn", alt=f"Chân dung vẽ của {name}")


# --- the paper --------------------------------------------------------------------------------


def _masthead(paper: dict[str, Any]) -> None:
    today = timezone.localdate()
    Masthead.objects.create(valid_from=today - timedelta(days=365), **paper["masthead"])
    for position, page in enumerate(paper["standing_pages"]):
        StandingPage.objects.create(position=position, **page)
    for position, data in enumerate(paper["partners"]):
        ended = data.pop("ended_days_ago", None)
        ends_on = today - timedelta(days=ended) if ended else None
        PartnerLink.objects.create(position=position, ends_on=ends_on, **data)


def _categories(paper: dict[str, Any]) -> dict[str, Category]:
    """All categories by the slug that the articles name."""
    slugs: dict[str, str] = paper["slugs"]
    found: dict[str, Category] = {}

    def add(name: str, position: int, **fields: Any) -> Category:
        slug = fields.pop("slug", "") or slugs.get(name, slugify(name))
        fields |= {
            "name_en": paper["english"].get(name, ""),
            "description_en": paper["english_descriptions"].get(name, ""),
        }
        category = Category.objects.create(name=name, slug=slug, position=position, **fields)
        found[slugify(name)] = found[slug] = category
        return category

    for position, data in enumerate(paper["categories"]):
        children = data.pop("children", [])
        parent = add(data.pop("name"), position, **data)
        for place, name in enumerate(children):
            add(name, place, parent=parent)
    return found


def _front(paper: dict[str, Any], made: dict[str, Article]) -> None:
    for position, prefix in enumerate(paper["front"], start=1):
        FrontSlot.objects.create(position=position, article=_named(prefix, made))


def _named(prefix: str, made: dict[str, Article]) -> Article:
    """The article whose key begins with ``prefix``, written with a star: ``a02-*``."""
    return made[next(key for key in made if key.startswith(prefix.rstrip("*")))]


def _read(paper: dict[str, Any], made: dict[str, Article]) -> None:
    """Reads of this hour, each article with fewer than the one before it in ``most_read``."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    articles = [_named(prefix, made) for prefix in paper["most_read"]]
    ReadCount.objects.bulk_create(
        ReadCount(article=article, hour=hour, count=40 * (len(articles) - place))
        for place, article in enumerate(articles)
    )


def _correct(made: dict[str, Article]) -> None:
    """One correction, so that its page and its box can be seen."""
    article = next(article for article in made.values() if article.is_public)
    Correction.objects.create(
        article=article,
        wrong="Trong bản đăng đầu tiên, tên thôn được viết là Bến Lao.",
        right="Tên đúng là Bến Lau. Tòa soạn xin lỗi bạn đọc và bà con trong thôn.",
    )


# --- articles ---------------------------------------------------------------------------------

COPIED = (
    *("kicker", "headline", "standfirst", "byline", "source", "made_with_ai", "comments_open"),
    *("format", "language"),
)


def _article(
    data: dict[str, Any],
    categories: dict[str, Category],
    authors: dict[str, Author],
    topics: dict[str, Topic],
) -> Article:
    state = data.get("state", "published")
    seen = state in ("published", "scheduled", "withdrawn")
    time = timezone.now() - timedelta(hours=data["hours_ago"])
    article = Article.objects.create(
        **{name: data[name] for name in COPIED if name in data},
        body=data["body"],
        category=categories[data["category"]],
        # The verbs give the time of the press of a button; these were published in the past.
        status=Article.Status.PUBLISHED if state == "scheduled" else state,
        slug=slugify(data["headline"]) if seen else "",
        published_at=time if seen else None,
        withdrawn_at=time + timedelta(hours=2) if state == "withdrawn" else None,
        withdrawal_note="Bài được gỡ để kiểm tra lại thông tin." if state == "withdrawn" else "",
        created_by=next((authors[name].user for name in data["authors"]), None),
    )
    article.authors.set(authors[name] for name in data["authors"])
    article.more_categories.set(categories[slug] for slug in data.get("more_categories", []))
    article.tags.set(_tag(name) for name in data["tags"])
    if data.get("topic"):
        article.topics.add(topics[data["topic"]])
    return article


def _tag(name: str) -> Tag:
    return Tag.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]


def _link_in_text(made: dict[str, Article]) -> None:
    """Texts name other articles by key, as their numbers are not known before."""
    for article in made.values():
        codes = re.findall(r"\[related\(([a-z]\d\d-[a-z0-9-]+)\)\]", article.body)
        for key in codes:
            article.body = article.body.replace(f"({key})", f"({made[key].pk})")
        if codes:
            article.save()


def _relate(article: Article, targets: list[Article]) -> None:
    for position, target in enumerate(targets):
        RelatedLink.objects.create(article=article, target=target, position=position)


def _comments(article: Article, data: dict[str, Any]) -> None:
    for number, comment in enumerate(data.get("comments", [])):
        time = timezone.now() - timedelta(hours=comment["hours_ago"])
        pending = comment["state"] == Comment.Status.PENDING
        stored = Comment.objects.create(
            article=article,
            name=comment["name"],
            text=comment["text"],
            status=comment["state"],
            decided_at=None if pending else time,
            fingerprint=f"demo-{article.pk}-{number}",
        )
        Comment.objects.filter(pk=stored.pk).update(created_at=time)


# --- pictures ---------------------------------------------------------------------------------


def _scenes(articles: dict[str, dict[str, Any]]) -> dict[str, list[Scene]]:
    """What the photos of each article show, in their order."""
    chosen: dict[str, list[Scene]] = {key: [] for key in articles}
    uses: dict[tuple[str, bool], int] = {}
    for key, data in articles.items():
        if "translation_of" in data:
            chosen[key] = chosen[data["translation_of"]]
            continue
        for photo in data.get("photos", []):
            scene = photo["scene"], bool(photo.get("portrait"))
            uses[scene] = uses.get(scene, 0) + 1
            chosen[key].append((scene[0], uses[scene] // USES_OF_A_PICTURE, scene[1]))
    return chosen


def _photos(articles: dict[str, dict[str, Any]], tell: Tell) -> dict[str, list[Photo]]:
    """The photos of each article, in their order, stored in the archive."""
    chosen = _scenes(articles)
    needed = sorted({scene for scenes in chosen.values() for scene in scenes})
    archive: dict[Scene, Photo] = {}
    for scene, picture in _drawn(needed):
        if len(archive) % 10 == 0:
            tell(f"Drawing pictures: {len(archive)} of {len(needed)}")
        file = BytesIO(picture)
        file.name = f"{scene[0]}-{scene[1]}.jpg"
        archive[scene] = add_photo(file)
    for key, data in articles.items():
        for scene, words in zip(chosen[key], data.get("photos", []), strict=True):
            _describe(archive[scene], words)
    return {key: [archive[scene] for scene in scenes] for key, scenes in chosen.items()}


def _drawn(scenes: list[Scene]) -> Iterator[tuple[Scene, bytes]]:
    """Pictures are drawn ahead in other processes while this one stores them."""
    with ProcessPoolExecutor() as pool:
        yield from zip(scenes, pool.map(draw, *zip(*scenes, strict=True)), strict=True)


def _describe(photo: Photo, words: dict[str, Any]) -> None:
    """The archive's own words are those of the first use."""
    if not photo.caption:
        photo.caption, photo.credit, photo.alt = words["caption"], words["credit"], words["alt"]
        photo.save()


def _illustrate(article: Article, uses: list[dict[str, Any]], photos: list[Photo]) -> None:
    for place, (words, photo) in enumerate(zip(uses, photos, strict=True)):
        ArticlePhoto.objects.create(
            article=article,
            photo=photo,
            position=place + 1,
            caption=words["caption"],
            credit=words["credit"],
            alt=words["alt"],
        )
