import core.fields
from django.db import migrations

# What the code before this one writes has none.
NONE = {"blank": True, "default": "", "db_default": ""}
NAME_HELP = "For the English edition. Empty: the name above."


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_vacuum_lists")]

    operations = [
        migrations.AddField(
            "author",
            "role_en",
            core.fields.LineField(
                "role in English",
                max_length=150,
                help_text="For the English edition. Empty: the role above.",
                **NONE,
            ),
        ),
        migrations.AddField(
            "tag",
            "name_en",
            core.fields.LineField("name in English", max_length=100, help_text=NAME_HELP, **NONE),
        ),
        migrations.AddField(
            "topic",
            "name_en",
            core.fields.LineField("name in English", max_length=150, help_text=NAME_HELP, **NONE),
        ),
        migrations.AddField(
            "topic",
            "description_en",
            core.fields.TextField("description in English", max_length=1000, **NONE),
        ),
    ]
