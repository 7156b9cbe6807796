from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"

    def ready(self) -> None:
        """Have every change, wherever it is made, reach the stored pages."""
        from newsroom.pagestore import ahead

        ahead.connect()
