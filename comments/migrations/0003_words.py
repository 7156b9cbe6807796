from django.db import migrations

from core.filling import fill
from core.finding import words_of


def fill_words(apps, schema_editor):
    model = apps.get_model("comments", "Comment")
    names = ("name", "email", "text")
    fill(schema_editor.connection, model, "search_text", names, _words)


def _words(name, email, text):
    return words_of(f"{name}\n{email}\n{text}")


class Migration(migrations.Migration):
    """The search column has the words of the index; the one of parts of words is not needed."""

    # One transaction would hold all comments of the paper.
    atomic = False
    dependencies = [("comments", "0002_scale")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS comments_comment_search_text_pieces"),
        migrations.RunPython(fill_words, migrations.RunPython.noop, elidable=True),
    ]
