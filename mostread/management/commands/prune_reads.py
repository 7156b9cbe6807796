from typing import Any

from django.core.management.base import BaseCommand

from mostread.batches import prune


class Command(BaseCommand):
    help = "Delete read counts that no ranking looks at; the server does so by itself every hour."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{prune()} rows deleted.")
