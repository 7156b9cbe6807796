from django.urls import path

from api import views

app_name = "api"
urlpatterns = [
    path("", views.root, name="root"),
    path("articles/", views.articles, name="articles"),
    path("articles/<number:pk>/", views.article, name="article"),
    path("<path:rest>", views.unknown),
]
