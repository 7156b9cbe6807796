import pytest

from articles.body_warnings import shortcode_warnings
from articles.models import Article
from articles.related import Related
from articles.rendering import RenderedBody, render_body
from categories.models import Category
from tests.factories import make_article
from tests.site.conftest import make_photo, use_photo

LINKS = [Related("Tin gần đây", "/tin-1.html")]


def render(article: Article, related: list[Related] | None = None) -> RenderedBody:
    return render_body(article, list(article.photos.all()), related or [])


@pytest.mark.parametrize(
    "code", ["[links()]", "[photo()]", "[photo(9)]", "[photo(0)]", "[video(3)]", "[x-y()]"]
)
def test_a_shortcode_with_nothing_behind_it_prints_nothing(paper: Category, code: str) -> None:
    article = make_article(category=paper, body=f"<p>Trước.</p><p>{code}</p><p>Sau {code} nữa.</p>")
    html = render(article).html
    assert "[" not in html
    assert html.replace("  ", " ") == "<p>Trước.</p>\n<p>Sau nữa.</p>"


def test_square_brackets_that_are_no_shortcode_stay(paper: Category) -> None:
    article = make_article(category=paper, body="<p>Lúc 11:31 [GMT +7] [1] [sic] f(x)</p>")
    assert "[GMT +7] [1] [sic] f(x)" in render(article).html


def test_related_links_stand_where_the_shortcode_is_and_once(paper: Category) -> None:
    article = make_article(
        category=paper, body="<p>Một.</p><p>[links()]</p><p>Hai.</p><p>[LINKS()]</p>"
    )
    body = render(article, LINKS)
    assert body.links_placed
    assert body.html.count("Tin gần đây") == 1
    assert body.html.index("Một.") < body.html.index("Tin gần đây") < body.html.index("Hai.")


def test_a_photo_is_placed_once_and_the_rest_follow(paper: Category) -> None:
    article = make_article(category=paper, body="<p>[photo(1)] và [photo( 1 )]</p>")
    uses = [use_photo(article, make_photo(), caption=f"Chú thích {n}.") for n in range(3)]
    body = render(article)
    assert body.html.count("Chú thích 0.") == 1
    assert body.lead is None
    assert body.gallery == uses[1:]
    assert body.left.count("<figcaption") == 2


def test_a_photo_from_the_archive_in_the_body_is_shown(paper: Category) -> None:
    photo = make_photo(credit="Lan Anh", alt="Cây cầu")
    article = make_article(
        category=paper,
        body=(
            f'<figure data-photo-id="{photo.pk}"><figcaption>Cầu mới.</figcaption></figure>'
            '<figure data-photo-id="999"><figcaption>Không còn.</figcaption></figure>'
        ),
    )
    html = render(article).html
    assert 'alt="Cây cầu"' in html
    assert "Cầu mới." in html
    assert "Ảnh: Lan Anh" in html
    assert "Không còn." not in html


def test_a_table_scrolls_by_itself_and_outside_links_do_not_open_our_window(
    paper: Category,
) -> None:
    article = make_article(
        category=paper,
        body=(
            "<table><tbody><tr><td>1</td></tr></tbody></table>"
            '<p><a href="https://x.example/">ngoài</a> <a href="/trong/">trong</a></p>'
        ),
    )
    html = render(article).html
    assert '<div class="scroll" role="region" tabindex="0"' in html
    assert '<a rel="noopener" href="https://x.example/">' in html
    assert '<a href="/trong/">' in html


def test_an_editor_is_warned_of_shortcodes_that_print_nothing(paper: Category) -> None:
    article = make_article(
        category=paper, body="<p>[links()] [photo(1)] [photo(2)] [photo()] [video(3)]</p>"
    )
    use_photo(article, make_photo())
    warnings = shortcode_warnings(article)
    assert len(warnings) == 3
    assert [warning.split(" ")[-1] for warning in warnings] != []
    assert any("[video(3)]" in warning for warning in warnings)
    assert any("[photo(2)]" in warning for warning in warnings)
    assert any("[photo()]" in warning for warning in warnings)
