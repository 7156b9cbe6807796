"""How articles are found by the words of their headlines, by those who write them."""

from core.finding import WordIndex

HEADLINES = WordIndex("articles_article", "search_headline")
