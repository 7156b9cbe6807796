"""A paper of today, read in a browser that has the paper's service worker."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from articles.models import Article
from categories.models import Category
from tests.factories import make_article, make_category, make_masthead
from tests.site.conftest import make_photo, use_photo

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

# Resolves when the worker is there and has done all that it was told before.
SETTLED = "() => window.keeper.ask({job: 'list'})"


@pytest.fixture
def paper(db: None) -> Category:
    make_masthead(name="Báo Sông Quê", tagline="Tiếng nói của người quê")
    return make_category(name="Chính trị")


@pytest.fixture
def story(paper: Category) -> Article:
    """An article with a picture that is seen at once and one far below."""
    article = make_article(
        category=paper,
        headline="Cầu Lèn Hai trước ngày hợp long",
        body="<p>Đoạn đầu.</p>"
        + "<p>Nước lên chậm. Người đi bộ đông.</p>" * 60
        + "<p>[photo(2)]</p>",
        published_at=timezone.now() - timedelta(minutes=1),
    )
    use_photo(article, make_photo(alt="Cầu"), caption="Cầu mới.")
    use_photo(article, make_photo(alt="Sông"), caption="Sông dưới cầu.")
    return article


class Reader:
    """A browser of one reader, with and without a network."""

    def __init__(self, context: "BrowserContext", base: str) -> None:
        self.context = context
        self.base = base
        self.page: Page = context.new_page()

    def open(self, path: str) -> "Page":
        self.page.goto(self.base + path)
        return self.page

    def read(self, path: str) -> "Page":
        """Open a page and wait until what is to be kept of it is kept."""
        with self.page.expect_event("console", lambda line: line.text == "kept"):
            self.open(path)
        return self.page

    def kept(self) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = self.page.evaluate(SETTLED)["pages"]
        return [page for page in pages if page["shelf"] != "frame"]

    def kept_addresses(self) -> set[str]:
        return {page["address"] for page in self.kept()}

    def lose_network(self) -> None:
        self.context.set_offline(True)

    def find_network(self) -> None:
        self.context.set_offline(False)


@pytest.fixture
def reader(open_browser: Callable[..., Any], live_server: Any) -> Reader:
    return make_reader(open_browser(), live_server.url)


def make_reader(context: "BrowserContext", base: str) -> Reader:
    """A reader whose pages say when the worker has answered that what is read is kept."""
    context.add_init_script(TELL_WHEN_KEPT)
    return Reader(context, base)


# The page tells the worker what is read and waits for no answer; the tests do.
TELL_WHEN_KEPT = """
    const post = ServiceWorker.prototype.postMessage;
    ServiceWorker.prototype.postMessage = function (question, ports) {
      post.call(this, question, ports);
      if (question.job === 'read') window.keeper.ask({job: 'list'}).then(() => console.log('kept'));
    };
"""
