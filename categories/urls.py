from django.urls import path

from categories import views

app_name = "categories"
urlpatterns = [
    path("<slug:slug>/", views.section, name="section"),
    path("<slug:parent>/<slug:slug>/", views.section, name="subsection"),
]
