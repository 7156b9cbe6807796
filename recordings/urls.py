from django.urls import re_path

from recordings import formats, views

app_name = "recordings"
urlpatterns = [
    re_path(
        rf"^media/{formats.FOLDER}/(?P<name>[0-9a-f]{{32}}\.(?:{'|'.join(formats.CONTENT_TYPES)}))\Z",
        views.file,
        name="file",
    )
]
