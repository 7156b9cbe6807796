from django.urls import path

from comments import views

app_name = "comments"
urlpatterns = [
    path("binh-luan/<number:pk>/", views.all_comments, name="all"),
    path("binh-luan/<number:pk>/gui/", views.send, name="send"),
    path("binh-luan/<number:pk>/da-gui/", views.sent, name="sent"),
]
