"""Puts the article of the benchmark into the other site: python fill.py ARTICLE.json

The article is what ``bench.peer`` wrote. Prints its path.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.core.files.images import ImageFile  # noqa: E402
from paper.models import ArticlePage, ArticlePhoto, SectionPage  # noqa: E402
from wagtail.images.models import Image  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402


def fill(story: dict[str, Any]) -> str:
    root = Page.get_first_root_node()
    home = root.add_child(instance=Page(title="Báo Sông Quê", slug="bao"))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "news.example", "root_page": home}
    )
    sections = [
        home.add_child(instance=SectionPage(title=name, show_in_menus=True))
        for name in story["sections"]
    ]
    for headline in story["others"]:
        sections[0].add_child(instance=ArticlePage(title=headline))
    page = ArticlePage(
        title=story["headline"],
        kicker=story["kicker"],
        standfirst=story["standfirst"],
        byline=story["byline"],
        body=story["body"],
    )
    page.photos = [
        ArticlePhoto(image=_image(photo["file"]), caption=photo["caption"], credit=photo["credit"])
        for photo in story["photos"]
    ]
    sections[0].add_child(instance=page)
    page.save_revision().publish()
    return page.get_url()


def _image(file: str) -> Image:
    path = Path(file)
    with path.open("rb") as opened:
        return Image.objects.create(title=path.name, file=ImageFile(opened, name=path.name))


if __name__ == "__main__":
    print(fill(json.loads(Path(sys.argv[1]).read_text())))
