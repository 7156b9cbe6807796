"""The paper of the site's tests, with a live coverage in it."""

from tests.site.conftest import paper

__all__ = ["paper"]
