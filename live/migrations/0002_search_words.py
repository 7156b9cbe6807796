from django.db import migrations, models

from core.html import html_to_text
from core.vietnamese import index_text

# What the code before this one writes has none.
NONE = {"default": "", "db_default": "", "editable": False}


def index_entries(apps, schema_editor):
    using = schema_editor.connection.alias
    for event in apps.get_model("live", "LiveEvent").objects.using(using).all():
        public = []
        for entry in event.entries.order_by("-published_at", "-id"):
            parts = (entry.headline, html_to_text(entry.body), entry.correction, entry.byline)
            text = "\n".join(parts)
            entry.search_body, entry.search_keys = index_text(text), index_text(text, exact=True)
            entry.save(using=using, update_fields=["search_body", "search_keys"])
            if entry.status == "published":
                public.append(entry)
        article = event.article
        article.search_body = " ".join([article.search_body, *(one.search_body for one in public)])
        article.search_keys = " ".join([article.search_keys, *(one.search_keys for one in public)])
        article.save(using=using, update_fields=["search_body", "search_keys"])


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="liveentry",
            name="search_body",
            field=models.TextField(**NONE),
        ),
        migrations.AddField(
            model_name="liveentry",
            name="search_keys",
            field=models.TextField(**NONE),
        ),
        migrations.RunPython(index_entries, migrations.RunPython.noop),
    ]
