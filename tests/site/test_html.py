from collections.abc import Callable
from typing import Any

from articles.models import Article


def test_html_is_valid(client: Any, full_paper: Article, vnu: Callable[..., list[str]]) -> None:
    pages = {
        "front": "/",
        "section": "/chinh-tri/?trang=2",
        "article": full_paper.get_absolute_url(),
        "author": "/tac-gia/hoai-anh/",
        "topics": "/chu-de/",
        "corrections": "/cai-chinh/",
        "feeds": "/rss/danh-sach/",
        "search": "/tim-kiem/?q=tin",
        "search without results": "/tim-kiem/?q=khongcogi",
        "all comments": f"/binh-luan/{full_paper.pk}/",
        "comment form": f"/binh-luan/{full_paper.pk}/gui/",
        "not found": "/khong-co/",
    }
    assert vnu({name: client.get(path).content.decode() for name, path in pages.items()}) == []
