"""One worker and one manifest for all editions: their scope is the whole paper."""

from django.urls import path

from offline import machines

app_name = "offline_machines"
urlpatterns = [
    path("manifest.webmanifest", machines.manifest, name="manifest"),
    path("sw.js", machines.worker, name="worker"),
]
