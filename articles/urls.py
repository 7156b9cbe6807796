from django.urls import path, register_converter
from django.urls.converters import StringConverter

from articles import archive, feeds, views
from articles.feed_forms import FORMS
from articles.lists import FORMATS


class FeedForm(StringConverter):
    regex = "|".join(FORMS)


class FormatSlug(StringConverter):
    regex = "|".join(owner.slug for owner in FORMATS)


register_converter(FeedForm, "feed_form")
register_converter(FormatSlug, "format")

app_name = "articles"
urlpatterns = [
    path("", views.front, name="front"),
    path("<slug:slug>-<number:pk>.html", views.article, name="article"),
    path("tac-gia/<slug:slug>/", views.author, name="author"),
    path("tu-khoa/<slug:slug>/", views.tag, name="tag"),
    path("chu-de/", views.topics, name="topics"),
    path("chu-de/<slug:slug>/", views.topic, name="topic"),
    path("anh/", views.photo_stories, name="photo_stories"),
    path("video/", views.videos, name="videos"),
    path("cai-chinh/", views.corrections, name="corrections"),
    path("ngay/", archive.latest, name="archive"),
    path("ngay/<year:year>/<month:month>/", archive.month, name="archive_month"),
    path("ngay/<year:year>/<month:month>/<day:day>/", archive.day, name="archive_day"),
    path("rss/", feeds.newest, name="feed"),
    path("rss/atom.xml", feeds.newest, {"form": "atom"}, name="atom_feed"),
    path("rss/feed.json", feeds.newest, {"form": "json"}, name="json_feed"),
    path("rss/danh-sach/", feeds.list_of_feeds, name="feeds"),
    path("rss/danh-sach.opml", feeds.opml, name="opml"),
    path("rss/tac-gia/<slug:slug>.<feed_form:form>", feeds.author, name="author_feed"),
    path("rss/tu-khoa/<slug:slug>.<feed_form:form>", feeds.tag, name="tag_feed"),
    path("rss/chu-de/<slug:slug>.<feed_form:form>", feeds.topic, name="topic_feed"),
    path("rss/the-loai/<format:slug>.<feed_form:form>", feeds.told_in, name="format_feed"),
    path("rss/<slug:slug>.<feed_form:form>", feeds.section, name="category_feed"),
    # The address of the RSS form needs no more than the slug.
    path("rss/tac-gia/<slug:slug>.rss", feeds.author, name="author_feed"),
    path("rss/tu-khoa/<slug:slug>.rss", feeds.tag, name="tag_feed"),
    path("rss/chu-de/<slug:slug>.rss", feeds.topic, name="topic_feed"),
    path("rss/the-loai/<format:slug>.rss", feeds.told_in, name="format_feed"),
    path("rss/<slug:slug>.rss", feeds.section, name="category_feed"),
]
