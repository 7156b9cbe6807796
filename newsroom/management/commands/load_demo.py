from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from articles.models import Article
from newsroom.demo.loading import load
from newsroom.generation import DEMO_LOGINS_FILE


class Command(BaseCommand):
    help = "Fill an empty newsroom with the demo paper. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if Article.objects.exists():
            self.stdout.write("There are articles here already: nothing was loaded.")
            return
        logins = load(self._tell)
        lines = [f"{role:<24} {name:<12} {password}" for role, name, password in logins]
        file = settings.DATA_DIR / DEMO_LOGINS_FILE
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.stdout.write("The demo paper is loaded. Its log-ins:")
        self.stdout.write("\n".join(lines))

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
