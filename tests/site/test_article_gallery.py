"""Several photos together: which, where and with what words."""

import re

import pytest
from django.test import Client, override_settings
from django.utils import translation

from articles.body_warnings import shortcode_warnings
from articles.models import Article
from articles.rendering import RenderedBody, render_body, render_plain
from categories.models import Category
from tests.factories import make_article
from tests.site.conftest import make_photo, use_photo


def illustrated(paper: Category, body: str, photos: int = 5) -> Article:
    article = make_article(category=paper, body=body)
    for number in range(1, photos + 1):
        use_photo(
            article,
            make_photo(alt=f"Cảnh {number}"),
            caption=f"Chú thích {number}.",
            credit="Lan Anh",
        )
    return article


def render(article: Article) -> RenderedBody:
    return render_body(article, list(article.photos.all()), [])


def galleries(html: str) -> list[list[int]]:
    """The numbers of the photos in each gallery, as their captions tell."""
    found = re.findall(r'<div class="gallery".*?</div>', html, re.S)
    return [[int(n) for n in re.findall(r"Chú thích (\d)\.", gallery)] for gallery in found]


@pytest.mark.parametrize(
    ("body", "expected", "lead"),
    [
        ("<p>[gallery(2-4)]</p>", [[2, 3, 4]], 1),
        ("<p>[gallery( 5, 2–3 )]</p>", [[5, 2, 3]], 1),
        ("<p>[gallery()]</p>", [[2, 3, 4, 5]], 1),
        ("<p>[gallery()]</p><p>[photo(3)]</p>", [[2, 4, 5]], 1),
        ("<p>[gallery(1-2)]</p><p>[gallery()]</p>", [[1, 2], [3, 4, 5]], None),
        ("<p>[gallery(2-3)]</p><p>[gallery(3-5)]</p>", [[2, 3], [4, 5]], 1),
        ("<p>[gallery(3-9)]</p>", [[3, 4, 5]], 1),
        ("<p>[gallery(4)]</p>", [], 1),
        ("<p>[gallery(x)] [gallery(0)] [gallery(5-2)]</p>", [], 1),
    ],
)
def test_the_desk_says_which_photos_stand_together(
    paper: Category, body: str, expected: list[list[int]], lead: int | None
) -> None:
    article = illustrated(paper, body)
    rendered = render(article)
    assert galleries(rendered.html) == expected
    uses = list(article.photos.all())
    assert rendered.lead == (uses[lead - 1] if lead else None)
    shown = str(rendered.html + rendered.left)
    everything = {n for n in range(1, 6) if n != lead}
    assert {int(n) for n in re.findall(r"Chú thích (\d)\.", shown)} == everything
    assert len(re.findall(r"<figcaption", shown)) == len(everything)
    assert "[gallery" not in shown


def test_what_has_no_place_follows_as_a_gallery(client: Client, paper: Category) -> None:
    article = illustrated(paper, "<p>Chữ.</p><p>[photo(3)]</p>")
    html = client.get(article.get_absolute_url()).content.decode()
    assert galleries(html) == [[2, 4, 5]]
    assert html.index("Chữ.") < html.index('class="gallery"') < html.index('class="story__end"')


def test_one_that_is_left_is_no_gallery(paper: Category) -> None:
    rendered = render(illustrated(paper, "<p>Chữ.</p>", photos=2))
    assert "gallery" not in rendered.left
    assert "Chú thích 2." in rendered.left


def test_each_picture_leads_to_its_file_and_says_what_it_shows(paper: Category) -> None:
    article = illustrated(paper, "<p>[gallery()]</p>", photos=3)
    html = render(article).html
    links = re.findall(r'<a class="gallery__link" href="(/media/[^"]+\.jpg)"', html)
    assert len(links) == 2
    assert 'aria-label="Phóng to ảnh 1 trên 2: Cảnh 2"' in html
    assert html.count('<span class="photo__credit">Ảnh: Lan Anh</span>') == 2
    assert 'aria-label="Chùm 2 ảnh"' in html


def test_a_photo_whose_file_is_lost_keeps_its_words(paper: Category) -> None:
    article = illustrated(paper, "<p>[gallery(2-4)]</p>", photos=3)
    use_photo(article, None, caption="Chú thích 4.")
    html = render(article).html
    assert galleries(html.replace('<div class="photo__frame"></div>', "")) == [[2, 3, 4]]
    assert html.count("gallery__link") == 2


def test_hostile_words_stay_words(paper: Category) -> None:
    evil = "\"'><script>alert(1)</script>"
    article = make_article(category=paper, body="<p>[gallery(1-2)]</p>")
    for _ in range(2):
        use_photo(article, make_photo(), caption=evil, credit=evil, alt=evil)
    assert "<script" not in render(article).html


def test_feeds_have_the_plain_pictures_one_after_the_other(paper: Category) -> None:
    article = illustrated(paper, "<p>Chữ.</p><p>[gallery(2-3)]</p><p>Cuối.</p>", photos=3)
    html = render_plain(article, list(article.photos.all()), {})
    captions = [int(n) for n in re.findall(r"Chú thích (\d)\.", html)]
    assert captions == [1, 2, 3]
    assert html.index("Chú thích 3.") < html.index("Cuối.")
    assert "gallery" not in html


def test_the_editor_is_told_what_a_gallery_lacks(paper: Category) -> None:
    body = "<p>[gallery(2-3)] [gallery(2-9)] [gallery(7-9)] [gallery(hai)]</p>"
    article = illustrated(paper, body, photos=3)
    assert shortcode_warnings(article) == [
        "[gallery(2-9)] chỉ hiện một phần: bài có 3 ảnh.",
        "[gallery(7-9)] không hiện gì: bài chỉ có 3 ảnh.",
        "[gallery(hai)] chưa nói những ảnh nào; hãy viết [gallery(2-5)].",
    ]
    placed = illustrated(paper, "<p>[photo(2)] [gallery()]</p>", photos=2)
    everything_placed = "[gallery()] không hiện gì: ảnh nào cũng đã có chỗ riêng."
    assert shortcode_warnings(placed) == [everything_placed]
    assert shortcode_warnings(illustrated(paper, "<p>[gallery()]</p>", photos=3)) == []


@override_settings(LANGUAGE_CODE="en")
def test_it_speaks_english_where_the_paper_does(paper: Category) -> None:
    with translation.override("en"):
        html = render(illustrated(paper, "<p>[gallery()]</p>", photos=3)).html
    assert "Gallery of 2 photos" in html
    assert "Enlarge photo 1 of 2" in html
