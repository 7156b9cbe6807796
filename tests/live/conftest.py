"""The paper of the site's tests, with a live coverage in it, and its stored pages."""

from tests.articles.test_refreshing import store
from tests.site.conftest import paper

__all__ = ["paper", "store"]
