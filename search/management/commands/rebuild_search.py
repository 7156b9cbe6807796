from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.models import Article
from search.backends import backend

BATCH = 500
COLUMNS = ("search_headline", "search_body", "search_keys")


class Command(BaseCommand):
    help = "Make the search columns of all articles and the index over them anew."

    def handle(self, *args: Any, **options: Any) -> None:
        batch: list[Article] = []
        done = 0
        articles = Article.objects.select_related("live_event").order_by("pk")
        for article in articles.iterator(chunk_size=BATCH):
            article.derive_search_columns()
            batch.append(article)
            if len(batch) == BATCH:
                done += self._write(batch)
        done += self._write(batch)
        with transaction.atomic():
            backend().rebuild()
        self.stdout.write(f"{done} articles indexed.")

    def _write(self, batch: list[Article]) -> int:
        Article.objects.bulk_update(batch, COLUMNS)
        count = len(batch)
        self.stdout.write(f"… {count} more", ending="\r")
        batch.clear()
        return count
