from datetime import date

from django.urls import path, register_converter

from offline import views


class DayConverter:
    """A day as ``2026-11-24``."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a ValueError means that the address does not fit

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "offline"
urlpatterns = [
    path("bao-hom-nay/", views.today, name="today"),
    path("bao-hom-nay/<day:day>/", views.day, name="day"),
    path("bao-hom-nay/<day:day>/tep.json", views.day_files, name="day_files"),
    path("doc-sau/", views.saved, name="saved"),
    path("ngoai-tuyen/", views.kept, name="kept"),
]
