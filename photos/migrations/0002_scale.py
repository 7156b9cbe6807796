from django.db import migrations, models



class Migration(migrations.Migration):
    dependencies = [("photos", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(fields=["-uploaded_at", "-id"], name="photo_order"),
        ),
    ]
