from typing import Any

from django.core.management.base import BaseCommand

from newsroom.demo.tour import tour


class Command(BaseCommand):
    help = "Prints one address of every kind of public page: its name, a tab, its path."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, path in tour().items():
            self.stdout.write(f"{name}\t{path}")
