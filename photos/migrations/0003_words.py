from django.db import migrations

from photos.models import photo_words

NAMES = ("caption", "credit", "alt", "original_name")


def fill(apps, schema_editor):
    Photo = apps.get_model("photos", "Photo")
    some = []
    for photo in Photo.objects.only(*NAMES).iterator():
        photo.search_text = photo_words(*(getattr(photo, name) for name in NAMES))
        some.append(photo)
        if len(some) == 500:
            Photo.objects.bulk_update(some, ["search_text"])
            some = []
    Photo.objects.bulk_update(some, ["search_text"])


class Migration(migrations.Migration):
    """The search column has the words of the index; the one of parts of words is not needed."""

    dependencies = [("photos", "0002_scale")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS photos_photo_search_text_pieces"),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
