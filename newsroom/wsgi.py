"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from articles import announcing
from mostread.counting import BeaconLayer
from newsroom import pulse
from newsroom.pagestore.layer import PageStore

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = PageStore(BeaconLayer(get_wsgi_application()))
pulse.watch()
announcing.watch()
# All code is loaded before the first reader comes, who else would wait for it.
get_resolver().url_patterns  # noqa: B018
