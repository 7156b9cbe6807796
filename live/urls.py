from django.urls import path

from live import views

app_name = "live"
urlpatterns = [
    path("truc-tiep/<number:pk>/", views.entries, name="entries"),
    path("truc-tiep/<number:pk>/moi-nhat/", views.newest, name="newest"),
    path("truc-tiep/<number:pk>/dien-bien.rss", views.feed, name="feed"),
    path("truc-tiep/<number:pk>/<number:number>/", views.entry, name="entry"),
]
