"""The ground floor: Vietnamese text, HTML cleaning, model fields. Knows no other app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core has no models, only what every other app stands on."""

    name = "core"

    def ready(self) -> None:
        from core import converters

        converters.register()
