from django.urls import path

from comments import views

app_name = "comments"
urlpatterns = [
    path("binh-luan/<int:pk>/", views.all_comments, name="all"),
    path("binh-luan/<int:pk>/gui/", views.send, name="send"),
    path("binh-luan/<int:pk>/da-gui/", views.sent, name="sent"),
]
