"""Stored pages, as readers have them."""

from tests.articles.test_refreshing import store

__all__ = ["store"]
