import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def plan_what_is_scheduled(apps, schema_editor):
    using = schema_editor.connection.alias
    article = apps.get_model("articles", "Article")
    scheduled = article.objects.using(using).filter(
        status="published", published_at__gt=timezone.now()
    )
    apps.get_model("articles", "Announcement").objects.using(using).bulk_create(
        apps.get_model("articles", "Announcement")(article_id=number, at=at)
        for number, at in scheduled.values_list("pk", "published_at")
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_english_names")]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(plan_what_is_scheduled, migrations.RunPython.noop),
    ]
