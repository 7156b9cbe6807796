from django.contrib.auth.management import create_permissions
from django.db import migrations

from accounts.roles import APPS, create_roles


def make_roles(apps, schema_editor):
    using = schema_editor.connection.alias
    # Permissions are made after all migrations, which is too late for the groups.
    # Apps that came later give their permissions in migrations of their own.
    for label in set(APPS) & set(apps.app_configs):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, verbosity=0, using=using, apps=apps)
        config.models_module = None
    create_roles(apps, using)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("articles", "0001_initial"),
        ("categories", "0001_initial"),
        ("comments", "0001_initial"),
        ("masthead", "0001_initial"),
        ("photos", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
