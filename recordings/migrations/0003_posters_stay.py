import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("photos", "0002_scale"), ("recordings", "0002_roles")]

    operations = [
        migrations.AlterField(
            model_name="recording",
            name="poster",
            field=models.ForeignKey(
                blank=True,
                help_text="The picture that readers see before they start the video.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="poster_of",
                to="photos.photo",
                verbose_name="poster",
            ),
        ),
    ]
