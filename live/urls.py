from django.urls import path

from live import views

app_name = "live"
urlpatterns = [
    path("truc-tiep/<int:pk>/", views.entries, name="entries"),
    path("truc-tiep/<int:pk>/moi-nhat/", views.newest, name="newest"),
    path("truc-tiep/<int:pk>/dien-bien.rss", views.feed, name="feed"),
    path("truc-tiep/<int:pk>/<int:number>/", views.entry, name="entry"),
]
