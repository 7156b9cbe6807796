"""Saved article pages of the old site, read into articles.

``reading`` turns a file into text, ``text_page`` and ``html_page`` cut it into lines,
``assembly`` finds the parts of the article among them, ``storing`` writes it. What cannot be
placed is listed, never guessed silently.
"""
