from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CategoriesConfig(AppConfig):
    name = "categories"
    verbose_name = _("Categories")

    def ready(self) -> None:
        from categories import page_names

        page_names.connect()
