from django.apps import AppConfig
from django.db.backends.signals import connection_created


class NewsroomConfig(AppConfig):
    name = "newsroom"

    def ready(self) -> None:
        from newsroom.databases import expect_short_queries
        from newsroom.pagestore import ahead

        connection_created.connect(expect_short_queries)
        # Every change, wherever it is made, reaches the stored pages.
        ahead.connect()
