from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from django.contrib import admin

        from accounts.signing_in import SignInForm

        admin.site.login_form = SignInForm
        post_migrate.connect(restore_roles, sender=self)


def restore_roles(sender: AppConfig, using: str, apps: Any = installed_apps, **_: Any) -> None:
    """Make the roles again after ``flush`` has emptied the database."""
    from accounts.roles import APPS, create_roles

    try:
        configs = [apps.get_app_config(label) for label in APPS]
        apps.get_model("auth", "Group")
    except LookupError:  # migrating back to before an app existed
        return
    for config in configs:
        create_permissions(
            installed_apps.get_app_config(config.label), verbosity=0, using=using, apps=apps
        )
    create_roles(apps, using)
