from django.db import migrations, models

from core.vietnamese import fold


def fill(apps, schema_editor):
    Comment = apps.get_model("comments", "Comment")
    some = []
    for comment in Comment.objects.only("name", "email", "text").iterator():
        comment.search_text = fold(f"{comment.name}\n{comment.email}\n{comment.text}")
        some.append(comment)
        if len(some) == 500:
            Comment.objects.bulk_update(some, ["search_text"])
            some = []
    Comment.objects.bulk_update(some, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["created_at", "id"], name="comment_order"),
        ),
    ]
