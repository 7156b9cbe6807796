"""The three forms in which a feed is written: RSS 2.0, Atom and JSON Feed 1.1.

Each takes what Django's feeds take, and ``hub`` of the feed; an item may have ``html`` (the whole
text), ``picture`` and ``played``, its videos and sounds.
"""

import json
from dataclasses import dataclass
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

MEDIA = "http://search.yahoo.com/mrss/"


@dataclass(frozen=True)
class Picture:
    """The picture of an item; its address is a full one."""

    url: str
    width: int
    height: int
    credit: str = ""


@dataclass(frozen=True)
class Played:
    """A video or sound of an item; its address is a full one."""

    url: str
    content_type: str
    size: int
    seconds: int | None


class RssFeed(Rss201rev2Feed):
    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, Any]:
        more = {"xmlns:content": "http://purl.org/rss/1.0/modules/content/", "xmlns:media": MEDIA}
        return super().rss_attributes() | more

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        if item["html"]:
            handler.addQuickElement("content:encoded", item["html"])
        _add_picture(handler, item["picture"])
        _add_played(handler, item["played"])


class AtomFeed(Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def root_attributes(self) -> dict[str, Any]:
        return super().root_attributes() | {"xmlns:media": MEDIA}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", None, {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content", item["html"], {"type": "html"})
        _add_picture(handler, item["picture"])
        _add_played(handler, item["played"])


class JsonFeed(SyndicationFeed):
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        feed = self.feed
        data = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["subtitle_text"],
            "language": feed["language"],
            "hubs": [{"type": "WebSub", "url": feed["hub"]}] if feed["hub"] else [],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(_without_empty(data), ensure_ascii=False).encode(encoding))

    @staticmethod
    def _item(item: dict[str, Any]) -> dict[str, Any]:
        data = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["standfirst"],
            "content_html": item["html"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": [{"name": item["author_name"]}] if item["author_name"] else [],
            "tags": list(item["categories"]),
            "image": item["picture"].url if item["picture"] else "",
            "attachments": [_attachment(played) for played in item["played"]],
        }
        if not item["html"]:
            # One of the two must be there, even if empty.
            return _without_empty(data) | {"content_text": item["standfirst"]}
        return _without_empty(data)


FORMS: dict[str, type[RssFeed] | type[AtomFeed] | type[JsonFeed]] = {
    "rss": RssFeed,
    "atom": AtomFeed,
    "json": JsonFeed,
}


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    # A list of no items says that there are none; other empty things say nothing.
    return {name: value for name, value in data.items() if value or name == "items"}


def _add_picture(handler: SimplerXMLGenerator, picture: Picture | None) -> None:
    if picture is None:
        return
    size = {"width": str(picture.width), "height": str(picture.height)}
    attributes = {"url": picture.url, "type": "image/jpeg", "medium": "image", **size}
    handler.startElement("media:content", AttributesImpl(attributes))
    # No media:description: some readers would show the caption as the text of the article.
    if picture.credit:
        handler.addQuickElement("media:credit", picture.credit)
    handler.endElement("media:content")


def _add_played(handler: SimplerXMLGenerator, recordings: list[Played]) -> None:
    for one in recordings:
        attributes = {"url": one.url, "type": one.content_type, "fileSize": str(one.size)}
        if one.seconds is not None:
            attributes["duration"] = str(one.seconds)
        handler.startElement("media:content", AttributesImpl(attributes))
        handler.endElement("media:content")


def _attachment(played: Played) -> dict[str, Any]:
    data = {"url": played.url, "mime_type": played.content_type, "size_in_bytes": played.size}
    return data if played.seconds is None else data | {"duration_in_seconds": played.seconds}
