import django.db.models.deletion
from django.db import migrations, models

KINDS = [(1, "Section"), (2, "Author"), (3, "Tag"), (4, "Topic")]


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial"), ("categories", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["-changed_at", "-id"], name="article_change_order"),
        ),
        migrations.CreateModel(
            name="ListSize",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "owner",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.SmallIntegerField(choices=KINDS)),
                ("owner", models.BigIntegerField()),
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
                ("public_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["kind", "owner", "public_at", "article"], name="placement_order"
                    )
                ],
            },
        ),
    ]
