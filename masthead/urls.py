from django.urls import path

from masthead import views

app_name = "masthead"
urlpatterns = [
    path("toa-soan/", views.imprint, name="imprint"),
    path("toa-soan/<slug:slug>/", views.page, name="page"),
]
