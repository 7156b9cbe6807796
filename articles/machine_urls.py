"""Addresses for machines, one for all editions."""

from django.urls import path

from articles import machines, sitemaps

app_name = "machines"
urlpatterns = [
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-trang.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemap-bai-<number:part>.xml", sitemaps.articles, name="sitemap_articles"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("<slug:key>.txt", machines.indexnow_key, name="indexnow_key"),
    path("favicon.ico", machines.favicon),
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
]
