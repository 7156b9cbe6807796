import core.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_nobody_edits_them")]

    operations = [
        migrations.AddField(
            "author",
            "bio_en",
            core.fields.TextField(
                "about the author in English",
                blank=True,
                default="",
                db_default="",
                max_length=2000,
                help_text="For the English edition. Empty: the text above.",
            ),
        ),
    ]
