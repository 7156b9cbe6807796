from django.db import migrations

NONE = {"default_permissions": ()}
TEXT_PHOTO = {"verbose_name": "photo in a text", "verbose_name_plural": "photos in texts"}


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_former_slugs")]

    operations = [
        migrations.AlterModelOptions("formerslug", NONE),
        migrations.AlterModelOptions("listsize", NONE),
        migrations.AlterModelOptions("placement", NONE),
        migrations.AlterModelOptions("textphoto", NONE | TEXT_PHOTO),
    ]
