from django.db import migrations

from core.finding import words_of


def fill(apps, schema_editor):
    Comment = apps.get_model("comments", "Comment")
    some = []
    for comment in Comment.objects.only("name", "email", "text").iterator():
        comment.search_text = words_of(f"{comment.name}\n{comment.email}\n{comment.text}")
        some.append(comment)
        if len(some) == 500:
            Comment.objects.bulk_update(some, ["search_text"])
            some = []
    Comment.objects.bulk_update(some, ["search_text"])


class Migration(migrations.Migration):
    """The search column has the words of the index; the one of parts of words is not needed."""

    dependencies = [("comments", "0002_scale")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS comments_comment_search_text_pieces"),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
