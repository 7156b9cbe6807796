
import core.fields
import django.db.models.deletion
import recordings.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('photos', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('video', 'Video'), ('audio', 'Audio')], editable=False, max_length=5, verbose_name='kind')),
                ('title', core.fields.LineField(max_length=200, verbose_name='title')),
                ('file', models.FileField(max_length=200, upload_to=recordings.models.public_path, verbose_name='file')),
                ('size', models.PositiveBigIntegerField(editable=False, verbose_name='size in bytes')),
                ('duration', models.PositiveIntegerField(blank=True, help_text='Empty: as the file says.', null=True, verbose_name='length in seconds')),
                ('width', models.PositiveIntegerField(default=0, editable=False, verbose_name='width')),
                ('height', models.PositiveIntegerField(default=0, editable=False, verbose_name='height')),
                ('caption', core.fields.TextField(blank=True, max_length=1000, verbose_name='caption')),
                ('credit', core.fields.LineField(blank=True, help_text='Who filmed or spoke, such as “Thanh Hoa”.', max_length=200, verbose_name='credit')),
                ('subtitles', models.FileField(blank=True, default='', max_length=200, upload_to=recordings.models.public_path, verbose_name='subtitles')),
                ('transcript', core.fields.TextField(blank=True, help_text='What is said, for readers who cannot hear it.', max_length=50000, verbose_name='transcript')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded at')),
                ('search_text', models.TextField(default='', editable=False)),
                ('poster', models.ForeignKey(blank=True, help_text='The picture that readers see before they start the video.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='poster_of', to='photos.photo', verbose_name='poster')),
                ('uploaded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='recordings', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'recording',
                'verbose_name_plural': 'recordings',
                'ordering': ('-uploaded_at', '-id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'audio'), models.Q(('height__gt', 0), ('width__gt', 0)), _connector='OR'), name='video_has_a_size')],
            },
        ),
    ]
