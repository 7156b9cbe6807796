import core.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("categories", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="description_en",
            field=core.fields.TextField(
                blank=True, max_length=500, verbose_name="description in English"
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="name_en",
            field=core.fields.LineField(
                blank=True,
                help_text="For the English edition. Empty: the name above.",
                max_length=120,
                verbose_name="name in English",
            ),
        ),
    ]
