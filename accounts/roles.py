"""What each role of the newsroom may do. A role is a group, made by migration.

Which articles a role may touch is said in ``articles.permissions``.
"""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REPORTER = "reporter"
EDITOR = "editor"
CHIEF = "chief"
MODERATOR = "moderator"

ROLE_NAMES: dict[str, Promise] = {
    REPORTER: _("Reporter"),
    EDITOR: _("Editor"),
    CHIEF: _("Chief editor"),
    MODERATOR: _("Moderator"),
}


def _all(app: str, *models: str) -> set[str]:
    verbs = ("add", "change", "delete", "view")
    return {f"{app}.{verb}_{model}" for model in models for verb in verbs}


_WRITE = (
    _all("articles", "article", "articlephoto", "articlerecording", "relatedlink")
    | {f"photos.{verb}_photo" for verb in ("add", "change", "view")}
    | {f"recordings.{verb}_recording" for verb in ("add", "change", "view")}
    | {f"articles.view_{model}" for model in ("author", "topic", "tag", "correction")}
    | {"articles.add_tag", "categories.view_category"}
)
_EDIT = (
    _WRITE
    | {"articles.publish_article", "articles.edit_every_article"}
    | {"photos.delete_photo", "recordings.delete_recording"}
    | _all("articles", "breakingnews", "correction", "tag", "topic")
    | {f"articles.{verb}_author" for verb in ("add", "change", "view")}
)
_MODERATE = {"comments.view_comment", "comments.change_comment", "comments.moderate_comment"}
_LEAD = (
    _EDIT
    | _MODERATE
    | _all("articles", "author", "frontslot")
    | _all("categories", "category")
    | _all("masthead", "masthead", "partnerlink", "standingpage")
    # An account is switched off, never deleted: the log of who did what must stay true.
    | {f"accounts.{verb}_user" for verb in ("add", "change", "view")}
    | {f"accounts.{verb}_failedsignin" for verb in ("delete", "view")}
    | {"articles.edit_front_page", "comments.delete_comment"}
)

PERMISSIONS: dict[str, set[str]] = {
    REPORTER: _WRITE,
    EDITOR: _EDIT,
    CHIEF: _LEAD,
    MODERATOR: _MODERATE,
}
APPS = ("accounts", "articles", "categories", "comments", "masthead", "photos", "recordings")


def role_name(group: str) -> str:
    """The name of a group as people read it."""
    return str(ROLE_NAMES.get(group, group))


def create_roles(apps: Any, using: str = "default") -> None:
    """Make the groups that are missing; a group that exists keeps what the paper gave it."""
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for role, names in PERMISSIONS.items():
        group, created = group_model.objects.using(using).get_or_create(name=role)
        if created:
            known = permission_model.objects.using(using).filter(content_type__app_label__in=APPS)
            group.permissions.set(
                permission
                for permission in known.select_related("content_type")
                if f"{permission.content_type.app_label}.{permission.codename}" in names
            )


def grant_new(apps: Any, schema_editor: Any, app: str, *models: str) -> None:
    """For the migration that adds ``models``: give each role what ``PERMISSIONS`` says of them.

    Nothing else of the groups changes, so what the paper took away stays away. The migration must
    depend on ``accounts.0002_roles``.
    """
    using = schema_editor.connection.alias
    config = apps.get_app_config(app)
    # Permissions are made after all migrations, which is too late.
    config.models_module = True
    create_permissions(config, verbosity=0, using=using, apps=apps)
    config.models_module = None
    permission_model = apps.get_model("auth", "Permission")
    known = permission_model.objects.using(using).filter(
        content_type__app_label=app, content_type__model__in=models
    )
    for role, names in PERMISSIONS.items():
        group = apps.get_model("auth", "Group").objects.using(using).filter(name=role).first()
        if group is not None:
            granted = [one for one in known if f"{app}.{one.codename}" in names]
            group.permissions.add(*granted)
