"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from mostread.counting import BeaconLayer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = BeaconLayer(get_wsgi_application())
