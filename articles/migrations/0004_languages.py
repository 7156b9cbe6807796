import core.languages
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [(1, "Section"), (2, "Author"), (3, "Tag"), (4, "Topic")]


def write_down_the_language(apps, schema_editor):
    """The articles a paper has so far are in its own language."""
    if settings.LANGUAGE_CODE != "vi":
        apps.get_model("articles", "Article").objects.update(language=settings.LANGUAGE_CODE)


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_recordings")]

    operations = [
        # The lists are made anew from the articles after the migration (articles.placements).
        migrations.DeleteModel("Placement"),
        migrations.DeleteModel("ListSize"),
        migrations.AddField(
            model_name="article",
            name="language",
            field=models.CharField(
                choices=[("vi", "Tiếng Việt"), ("en", "English")],
                db_default="vi",
                default=core.languages.main_language,
                max_length=10,
                verbose_name="language",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="original",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="versions",
                to="articles.article",
                verbose_name="written first",
            ),
        ),
        migrations.CreateModel(
            name="ListSize",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "owner",
                        "language",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.SmallIntegerField(choices=KINDS)),
                ("owner", models.BigIntegerField()),
                ("language", models.CharField(max_length=10)),
                ("articles", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(articles__gte=0), name="list_size_is_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "article_id",
                        "kind",
                        "owner",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="articles.article",
                    ),
                ),
                ("kind", models.SmallIntegerField(choices=KINDS)),
                ("owner", models.BigIntegerField()),
                ("language", models.CharField(max_length=10)),
                ("public_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["kind", "owner", "language", "public_at", "article"],
                        name="placement_order",
                    )
                ],
            },
        ),
        migrations.RunPython(write_down_the_language, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("status", "published")),
                fields=["language", "-published_at", "-id"],
                name="article_edition_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(
                fields=("original", "language"), name="one_version_in_each_language"
            ),
        ),
    ]
