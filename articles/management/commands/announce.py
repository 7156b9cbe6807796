"""Announces scheduled articles once their time has come: nobody acts then. For cron."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import announcing, staleness
from articles.models import Article
from core.page_tags import in_edition


class Command(BaseCommand):
    help = "Tell the WebSub hub and search engines of articles that became public just now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--minutes", type=int, default=5, help="how far back to look: as often as cron runs it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not announcing.is_on():
            self.stdout.write("off: set SITE_URL, and WEBSUB_HUB_URL or INDEXNOW_KEY")
            return
        since = timezone.now() - timedelta(minutes=options["minutes"])
        articles = Article.objects.published().filter(published_at__gt=since)
        number = 0
        for article in articles.select_related("category"):
            announcing.announce(in_edition(staleness.tags_of(article), article.language))
            number += 1
        announcing.sender.wait()
        self.stdout.write(f"{number} articles announced")
