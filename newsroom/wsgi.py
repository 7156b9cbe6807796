"""The WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django = get_wsgi_application()

# What follows needs the apps to be there.
from django.urls import get_resolver  # noqa: E402

from articles import announcing  # noqa: E402
from mostread.counting import BeaconLayer  # noqa: E402
from newsroom import pulse  # noqa: E402
from newsroom.pagestore.layer import PageStore  # noqa: E402

application = PageStore(BeaconLayer(django))
pulse.watch()
announcing.watch()
# All code is loaded before the first reader comes, who else would wait for it.
get_resolver().url_patterns  # noqa: B018
# It stays. Looking through it for garbage held up whoever read just then, for 0.1 to 0.2 s.
gc.collect()
gc.freeze()
