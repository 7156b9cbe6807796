"""What stands where on the front page. Each story stands there once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from articles.lists import PHOTO_STORIES, VIDEOS, newest_of
from articles.models import Article, FrontSlot
from categories.models import Category

SECONDS = 3
UNDER_LEAD = 2
LATEST = 10
IN_BLOCK = 4
IN_MULTIMEDIA = 4
# Enough to fill the top when the desk and the block of photos and videos take theirs from it.
TOP = 1 + SECONDS + UNDER_LEAD + IN_MULTIMEDIA + LATEST


@dataclass(frozen=True)
class Block:
    """A section's part of the front page."""

    section: Category
    lead: Article
    others: list[Article]


@dataclass(frozen=True)
class FrontPage:
    lead: Article | None
    seconds: list[Article]
    under_lead: list[Article]
    latest: list[Article]
    blocks: list[Block]
    # Photo stories and videos.
    multimedia: list[Article]
    # When the first of the desk's places ends by itself.
    changes_at: datetime | None

    @property
    def stories(self) -> Iterable[Article]:
        yield from filter(None, [self.lead])
        yield from (*self.seconds, *self.under_lead, *self.latest, *self.multimedia)
        for block in self.blocks:
            yield from (block.lead, *block.others)


def front_page(sections: Sequence[Category]) -> FrontPage:
    """Fill the front page; the number of queries does not depend on how much there is."""
    slots = list(FrontSlot.objects.current().values_list("article_id", "ends_at"))
    chosen = [pk for pk, _ends_at in slots]
    public = Article.objects.published().in_language()
    newest = list(public.newest_first().values_list("pk", flat=True)[:TOP])
    # As many as fill a block even when the stories at the top are all of this section.
    of_lists = newest_of([*sections, VIDEOS, PHOTO_STORIES], TOP + IN_BLOCK)
    picker = _Picker()
    at_top = picker.take([*chosen, *newest], 1 + SECONDS + UNDER_LEAD)
    # Before the lists, where a photo story would be one line among many.
    by_turns = zip_longest(of_lists[VIDEOS], of_lists[PHOTO_STORIES])
    told = [pk for pair in by_turns for pk in pair if pk is not None]
    in_multimedia = picker.take(told, IN_MULTIMEDIA)
    in_latest = picker.take(newest, LATEST)
    in_blocks = {section: picker.take(of_lists[section], IN_BLOCK) for section in sections}

    # Only now is it known which stories are shown; the public gate decides once more.
    cards = Article.objects.published().for_cards().in_bulk(picker.taken)
    top = _present(cards, at_top)
    latest = sorted(_present(cards, in_latest), key=_age)
    blocks = []
    for section, pks in in_blocks.items():
        stories = _present(cards, pks)
        if stories:
            # A block opens with a picture if one of its stories has one.
            lead = next((story for story in stories if story.lead_photo), stories[0])
            blocks.append(Block(section, lead, [one for one in stories if one is not lead]))
    ends = [ends_at for _pk, ends_at in slots if ends_at]
    return FrontPage(
        lead=top[0] if top else None,
        seconds=top[1 : 1 + SECONDS],
        under_lead=top[1 + SECONDS :],
        latest=latest,
        blocks=blocks,
        multimedia=sorted(_present(cards, in_multimedia), key=_age),
        changes_at=min(ends, default=None),
    )


def _age(story: Article) -> tuple[float, int]:
    return (-story.published_at.timestamp() if story.published_at else 0.0, -story.pk)


def _present(cards: dict[int, Article], pks: Iterable[int]) -> list[Article]:
    return [cards[pk] for pk in pks if pk in cards]


class _Picker:
    """Hands out each story once."""

    def __init__(self) -> None:
        self.taken: set[int] = set()

    def take(self, pks: Iterable[int], most: int) -> list[int]:
        found = [pk for pk in dict.fromkeys(pks) if pk not in self.taken][:most]
        self.taken.update(found)
        return found
