from django.db import migrations, models

KINDS = [(1, "Section"), (2, "Author"), (3, "Tag"), (4, "Topic"), (5, "Format")]


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_portraits_stay")]

    operations = [
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SmallIntegerField(choices=KINDS)),
                ("slug", models.SlugField(db_index=False, max_length=120)),
                ("owner", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "kind"), name="former_slug_of_one_owner"
                    )
                ],
            },
        ),
    ]
