from django.urls import path

from articles import feeds, machines, sitemaps, views

app_name = "articles"
urlpatterns = [
    path("", views.front, name="front"),
    path("<slug:slug>-<int:pk>.html", views.article, name="article"),
    path("tac-gia/<slug:slug>/", views.author, name="author"),
    path("tu-khoa/<slug:slug>/", views.tag, name="tag"),
    path("chu-de/", views.topics, name="topics"),
    path("chu-de/<slug:slug>/", views.topic, name="topic"),
    path("cai-chinh/", views.corrections, name="corrections"),
    path("rss/", feeds.newest, name="feed"),
    path("rss/danh-sach/", feeds.list_of_feeds, name="feeds"),
    path("rss/tac-gia/<slug:slug>.rss", feeds.author, name="author_feed"),
    path("rss/tu-khoa/<slug:slug>.rss", feeds.tag, name="tag_feed"),
    path("rss/chu-de/<slug:slug>.rss", feeds.topic, name="topic_feed"),
    path("rss/<slug:slug>.rss", feeds.section, name="category_feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-trang.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemap-bai-<int:part>.xml", sitemaps.articles, name="sitemap_articles"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("favicon.ico", machines.favicon),
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
]
