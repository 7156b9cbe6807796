from django.db import migrations

# A deep page of a list reads the index alone, but only where VACUUM has been. By default that
# waits for a fifth of the table to be new.
TABLE = "articles_placement"
OFTEN = "autovacuum_vacuum_{0}threshold = 20000, autovacuum_vacuum_{0}scale_factor = 0"


def vacuum_often(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE {TABLE} SET ({OFTEN.format('')})")
        schema_editor.execute(f"ALTER TABLE {TABLE} SET ({OFTEN.format('insert_')})")


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_formats")]

    operations = [migrations.RunPython(vacuum_often, migrations.RunPython.noop)]
