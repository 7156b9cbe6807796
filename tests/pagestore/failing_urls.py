"""The paper's addresses, but the front page writes to the database and then fails in it."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from articles.models import Article
from newsroom import urls

OVERWRITTEN = "Trang này đã viết đè lên tít"


def front(request: HttpRequest) -> HttpResponse:
    Article.objects.update(headline=OVERWRITTEN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM there_is_no_such_table")
    return HttpResponse("never")


urlpatterns = [path("", front), *urls.urlpatterns]
for _name in ("handler400", "handler403", "handler404", "handler500"):
    if hasattr(urls, _name):
        globals()[_name] = getattr(urls, _name)
