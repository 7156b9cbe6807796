import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_placements"), ("recordings", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="format",
            field=models.CharField(
                choices=[("text", "Text"), ("photo", "Photo story"), ("video", "Video")],
                default="text",
                help_text="Photo stories and videos have a page of their own.",
                max_length=5,
                verbose_name="format",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="narration",
            field=models.ForeignKey(
                blank=True,
                help_text="The article read aloud; readers get it under “Listen”.",
                limit_choices_to={"kind": "audio"},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="narrated",
                to="recordings.recording",
                verbose_name="spoken version",
            ),
        ),
        migrations.CreateModel(
            name="ArticleRecording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recordings",
                        to="articles.article",
                    ),
                ),
                (
                    "recording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="recordings.recording",
                        verbose_name="recording",
                    ),
                ),
            ],
            options={
                "verbose_name": "recording in the article",
                "verbose_name_plural": "recordings in the article",
                "ordering": ("position", "id"),
            },
        ),
    ]
