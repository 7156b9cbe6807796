from django.db import migrations, models

from core.substrings import substring_index


class Migration(migrations.Migration):
    dependencies = [("photos", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(fields=["-uploaded_at", "-id"], name="photo_order"),
        ),
        substring_index("photos_photo", "search_text"),
    ]
