from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image


class PhotosConfig(AppConfig):
    name = "photos"
    verbose_name = _("Photo archive")

    def ready(self) -> None:
        # Pillow's own guard against decompression bombs, for whatever opens a picture.
        Image.MAX_IMAGE_PIXELS = settings.PHOTO_MAX_PIXELS
