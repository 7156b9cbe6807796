from django.urls import path

from offline import views

app_name = "offline"
urlpatterns = [
    path("bao-hom-nay/", views.today, name="today"),
    path("bao-hom-nay/<date:day>/", views.day, name="day"),
    path("bao-hom-nay/<date:day>/tep.json", views.day_files, name="day_files"),
    path("doc-sau/", views.saved, name="saved"),
    path("ngoai-tuyen/", views.kept, name="kept"),
]
