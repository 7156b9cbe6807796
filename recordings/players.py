"""A recording as readers meet it: nothing of it is loaded before they start it."""

from django.template.loader import render_to_string

from photos import renditions
from photos.models import Photo
from recordings.models import Recording

POSTER_WIDTH = 720


def player(recording: Recording, *, poster: Photo | None = None) -> str:
    """The player with caption, credit and transcript; ``poster`` where it has none of its own."""
    return render_to_string(
        "recordings/_player.html",
        {
            "recording": recording,
            "poster": _poster(recording.poster or poster) if recording.is_video else "",
        },
    )


def plain_player(recording: Recording) -> str:
    """The same for programs that show a feed, which have no style of ours."""
    context = {"recording": recording, "poster": _poster(recording.poster)}
    return render_to_string("recordings/_plain_player.html", context).strip()


def _poster(photo: Photo | None) -> str:
    return renditions.url(photo, POSTER_WIDTH) if photo else ""
