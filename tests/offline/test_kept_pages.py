"""What the service worker keeps, and what readers see of it when the network is gone."""

from articles.models import Article
from tests.offline.conftest import Reader

BAR = ".kept-bar"


def test_an_article_that_was_read_is_there_without_a_network(
    reader: Reader, story: Article
) -> None:
    reader.read(story.get_absolute_url())
    reader.lose_network()
    page = reader.open(story.get_absolute_url())
    assert page.get_by_role("heading", level=1).inner_text() == story.headline
    assert "Bản lưu lúc" in page.locator(BAR).inner_text()
    # Its styles and both its pictures, of which one had not come into sight.
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith(
        '"Newsroom Serif"'
    )
    for picture in page.locator(".story__body img").all():
        picture.scroll_into_view_if_needed()
        picture.evaluate("image => image.decode()")
