import core.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("masthead", "0002_standing_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="masthead",
            name="name_en",
            field=core.fields.LineField(
                blank=True,
                help_text="For the English edition. Empty: the name above.",
                max_length=150,
                verbose_name="name in English",
            ),
        ),
        migrations.AddField(
            model_name="masthead",
            name="tagline_en",
            field=core.fields.LineField(
                blank=True, max_length=200, verbose_name="line under the name, in English"
            ),
        ),
    ]
