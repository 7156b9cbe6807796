from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("", include("recordings.urls")),
    path("", include("photos.urls")),
    path("", include("articles.machine_urls")),
    path("", include("offline.machine_urls")),
    # Each edition has these; those of the paper's own language have no prefix.
    *i18n_patterns(
        path("", include("comments.urls")),
        path("", include("search.urls")),
        path("", include("live.urls")),
        path("", include("offline.urls")),
        path("", include("masthead.urls")),
        path("", include("articles.urls")),
        # Last: a section's address is any first path segment that nothing else answers.
        path("", include("categories.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "newsroom.errors.bad_request"
handler403 = "newsroom.errors.forbidden"
handler404 = "newsroom.errors.not_found"
handler500 = "newsroom.errors.server_error"
