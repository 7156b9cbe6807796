"""The paper's addresses, but the front page fails in the database."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsroom import urls


def front(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM there_is_no_such_table")
    return HttpResponse("never")


urlpatterns = [path("", front), *urls.urlpatterns]
for _name in ("handler400", "handler403", "handler404", "handler500"):
    if hasattr(urls, _name):
        globals()[_name] = getattr(urls, _name)
