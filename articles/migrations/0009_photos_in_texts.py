import re

import django.db.models.deletion
from django.db import migrations, models

_FIGURE = re.compile(r'<figure data-photo-id="(\d+)">')


def note_photos(apps, schema_editor):
    """Note the photos of the texts there are, as articles.text_photos does of those saved later."""
    using = schema_editor.connection.alias
    article, photo = apps.get_model("articles", "Article"), apps.get_model("photos", "Photo")
    note = apps.get_model("articles", "TextPhoto")
    known = set(photo.objects.using(using).values_list("pk", flat=True))
    texts = article.objects.using(using).filter(body__contains="<figure data-photo-id=")
    for pk, body in texts.order_by("pk").values_list("pk", "body").iterator(500):
        numbers = {int(number) for number in _FIGURE.findall(body)} & known
        notes = [note(article_id=pk, photo_id=number) for number in sorted(numbers)]
        note.objects.using(using).bulk_create(notes, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_announcements"), ("photos", "0002_scale")]

    operations = [
        migrations.CreateModel(
            name="TextPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_photos",
                        to="articles.article",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="text_uses",
                        to="photos.photo",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo in a text",
                "verbose_name_plural": "photos in texts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "photo"), name="text_photo_once"
                    )
                ],
            },
        ),
        migrations.RunPython(note_photos, migrations.RunPython.noop),
    ]
