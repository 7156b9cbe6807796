from django.db import migrations

from core.filling import fill
from photos.models import photo_words


def fill_words(apps, schema_editor):
    model = apps.get_model("photos", "Photo")
    names = ("caption", "credit", "alt", "original_name")
    fill(schema_editor.connection, model, "search_text", names, photo_words)


class Migration(migrations.Migration):
    """The search column has the words of the index; the one of parts of words is not needed."""

    # One transaction would hold all photos of the paper.
    atomic = False
    dependencies = [("photos", "0002_scale")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS photos_photo_search_text_pieces"),
        migrations.RunPython(fill_words, migrations.RunPython.noop, elidable=True),
    ]
