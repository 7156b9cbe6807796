from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bench.make_archive import make_archive


class Command(BaseCommand):
    help = "Fills the database with plausible articles, to measure how it behaves with many."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=int, required=True)
        parser.add_argument("--processes", type=int, default=2)

    def handle(self, *args: Any, articles: int, processes: int, **options: Any) -> None:
        make_archive(articles, processes, self.stdout.write)
