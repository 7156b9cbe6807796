from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from newsroom.pagestore.layer import Application, request_of
from newsroom.pagestore.store import Store, page_store
from newsroom.security import public_policy

MOST_WARMED = 1000


class Command(BaseCommand):
    """Shows, drops or renders stored pages."""

    help = "Shows what is stored of the public pages; clear drops all, warm renders"
    " those that were read last, policy prints what nginx has to send."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "action", nargs="?", default="stats", choices=["stats", "clear", "warm", "policy"]
        )
        parser.add_argument(
            "--most", type=int, default=MOST_WARMED, help="warm at most so many pages"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "policy":
            # What deploy/nginx.conf needs.
            self.stdout.write(public_policy())
            return
        store = page_store()
        if store is None:
            raise CommandError("PAGE_STORE_URL is off: no pages are stored.")
        if options["action"] == "clear":
            store.clear()
            self.stdout.write("All stored pages are dropped.")
        elif options["action"] == "warm":
            self.stdout.write(f"{warm(store, options['most'])} pages are ready.")
        else:
            self._show(store)

    def _show(self, store: Store) -> None:
        for name, value in store.statistics().items():
            shown = filesizeformat(value) if name in ("bytes", "limit") else value
            self.stdout.write(f"{name:8} {shown}")


def warm(store: Store, most: int) -> int:
    """Render the pages that were read last before their tags were dropped; tells how many."""
    from newsroom.wsgi import application

    ready = 0
    for address in store.last_read(most):
        ready += _status(application, request_of(address)).startswith("200")
    return ready


def _status(application: Application, environ: dict[str, Any]) -> str:
    statuses: list[str] = []
    list(application(environ, lambda status, *_: statuses.append(status)))
    return statuses[0]
