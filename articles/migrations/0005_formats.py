import core.fields
import core.languages
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.roles import grant_new
from articles.placements import drop_triggers

KINDS = [(1, "Section"), (2, "Author"), (3, "Tag"), (4, "Topic"), (5, "Format")]


def make_lists_anew(apps, schema_editor):
    """Without triggers, they and the lists are made after the migration (articles.placements)."""
    drop_triggers()


def grant(apps, schema_editor):
    grant_new(apps, schema_editor, "articles", "breakingnews")


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_languages"), ("accounts", "0002_roles")]

    operations = [
        migrations.RunPython(make_lists_anew, make_lists_anew),
        migrations.AlterField(
            model_name="listsize", name="kind", field=models.SmallIntegerField(choices=KINDS)
        ),
        migrations.AlterField(
            model_name="placement", name="kind", field=models.SmallIntegerField(choices=KINDS)
        ),
        migrations.CreateModel(
            name="BreakingNews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("headline", core.fields.LineField(max_length=160, verbose_name="headline")),
                (
                    "url",
                    models.URLField(blank=True, max_length=500, verbose_name="outside address"),
                ),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                (
                    "language",
                    models.CharField(
                        choices=settings.LANGUAGES,
                        default=core.languages.main_language,
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="created at"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        help_text="The line is shown only while readers may read it.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breaking_news",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
            ],
            options={
                "verbose_name": "breaking news",
                "verbose_name_plural": "breaking news",
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(article=None) | models.Q(url=""),
                        name="breaking_news_has_one_target",
                        violation_error_message=(
                            "Choose an article or give an outside address, not both."
                        ),
                    )
                ],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
