from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("", include("photos.urls")),
    path("", include("comments.urls")),
    path("", include("search.urls")),
    path("", include("articles.urls")),
    # Last: a section's address is any first path segment that nothing else answers.
    path("", include("categories.urls")),
]

handler404 = "newsroom.errors.not_found"
handler500 = "newsroom.errors.server_error"
