from django.db import migrations

from accounts.roles import grant_new


def grant(apps, schema_editor):
    grant_new(apps, schema_editor, "recordings", "recording")
    grant_new(apps, schema_editor, "articles", "articlerecording")


class Migration(migrations.Migration):
    dependencies = [
        ("recordings", "0001_initial"),
        ("articles", "0003_recordings"),
        ("accounts", "0002_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
