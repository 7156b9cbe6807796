"""What an editor should know about the shortcodes of an article."""

from collections.abc import Callable

from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.models import Article
from articles.shortcodes import (
    article_number,
    found_in,
    photo_number,
    photo_numbers,
    photos_with_a_place,
    video_and_title,
)
from core.html import shortcodes

Check = Callable[[Article, str, str], str]


def shortcode_warnings(article: Article) -> list[str]:
    """One sentence for each shortcode that prints nothing to readers, or less than it says."""
    warnings = []
    for text in dict.fromkeys(shortcodes(article.body)):
        code = next(found_in(escape(text)), None)
        check = _CHECKS.get(code.name, _unknown) if code else _unknown
        warnings.append(check(article, text, code.argument if code else ""))
    return list(filter(None, warnings))


def _unknown(article: Article, code: str, argument: str) -> str:
    return _("%(code)s is unknown and prints nothing.") % {"code": code}


def _links(article: Article, code: str, argument: str) -> str:
    return _unknown(article, code, argument) if argument else ""


def _photo(article: Article, code: str, argument: str) -> str:
    number = photo_number(argument)
    if number is None:
        return _("%(code)s does not say which photo; write [photo(1)].") % {"code": code}
    return _too_few_photos(article, code) if number > _photo_count(article) else ""


def _gallery(article: Article, code: str, argument: str) -> str:
    count = _photo_count(article)
    if not argument:
        rest = set(range(2, count + 1)) - photos_with_a_place(article.body)
        empty = _("%(code)s prints nothing: every photo has a place of its own.")
        return "" if rest else empty % {"code": code}
    numbers = photo_numbers(argument)
    if numbers is None:
        return _("%(code)s does not say which photos; write [gallery(2-5)].") % {"code": code}
    if max(numbers) <= count:
        return ""
    if min(numbers) > count:
        return _too_few_photos(article, code)
    less = _("%(code)s shows only some: the article has %(count)s photos.")
    return less % {"code": code, "count": count}


def _recording(article: Article, code: str, argument: str) -> str:
    kind = code[1 : code.index("(")].lower()
    number = photo_number(argument)
    if number is None:
        unclear = _("%(code)s does not say which one; write [%(kind)s(1)].")
        return unclear % {"code": code, "kind": kind}
    count = article.recordings.filter(recording__kind=kind).count() if article.pk else 0
    few = _("%(code)s prints nothing: the article has %(count)s of this kind.")
    return few % {"code": code, "count": count} if number > count else ""


def _related(article: Article, code: str, argument: str) -> str:
    number = article_number(argument)
    if number is None:
        unclear = _("%(code)s does not say which article; write [related(123)].")
        return unclear % {"code": code}
    if number == article.pk:
        return _("%(code)s prints nothing: it is this article.") % {"code": code}
    if Article.objects.published().filter(pk=number).exists():
        return ""
    return _("%(code)s prints nothing: readers cannot see that article.") % {"code": code}


def _embed(article: Article, code: str, argument: str) -> str:
    video, _title = video_and_title(argument)
    wrong = _("%(code)s prints nothing: only videos of YouTube and Vimeo can be shown.")
    return "" if video else wrong % {"code": code}


def _too_few_photos(article: Article, code: str) -> str:
    few = _("%(code)s prints nothing: the article has %(count)s photos.")
    return few % {"code": code, "count": _photo_count(article)}


def _photo_count(article: Article) -> int:
    return article.photos.count() if article.pk else 0


_CHECKS: dict[str, Check] = {
    "links": _links,
    "photo": _photo,
    "gallery": _gallery,
    "related": _related,
    "embed": _embed,
    "video": _recording,
    "audio": _recording,
}
