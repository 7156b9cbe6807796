"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from mostread.counting import BeaconLayer
from newsroom.pagestore.layer import PageStore

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = PageStore(BeaconLayer(get_wsgi_application()))
