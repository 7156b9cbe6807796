from django.db import migrations, models

from accounts.roles import grant_new


def grant(apps, schema_editor):
    grant_new(apps, schema_editor, "accounts", "failedsignin")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles")]

    operations = [
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("username", models.CharField(max_length=150, verbose_name="username")),
                ("sender", models.CharField(editable=False, max_length=64)),
                ("at", models.DateTimeField(verbose_name="when")),
            ],
            options={
                "verbose_name": "wrong password",
                "verbose_name_plural": "wrong passwords",
                "ordering": ("-at",),
                "indexes": [models.Index(fields=["sender", "at"], name="failed_sign_in")],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
