"""Finished pages, kept as bytes and handed out without entering Django.

``addresses`` says which requests may have a stored page, ``versions`` what a change has made old,
``entries`` how one page lies on disk, ``store`` keeps them, ``layer`` answers from it ahead of
Django, ``front`` ahead of the Python server. docs/decisions/0013-page-store.md says why.
"""
