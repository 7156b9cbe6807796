"""A recording as readers meet it: nothing of it is loaded before they start it."""

from django.template.loader import render_to_string

from photos import renditions
from photos.models import Photo
from recordings.models import Recording

# The shape of the box a video stands in from the start; upright ones are shown whole.
POSTER_SHAPE, POSTER_WIDTH = "16x9", 720


def player(recording: Recording, *, poster: Photo | None = None) -> str:
    """The player with caption, credit and transcript; ``poster`` where it has none of its own."""
    return render_to_string(
        "recordings/_player.html",
        {
            "recording": recording,
            "poster": _poster(recording, poster),
        },
    )


def plain_player(recording: Recording) -> str:
    """The same for programs that show a feed, which have no style of ours."""
    context = {"recording": recording, "poster": _poster(recording)}
    return render_to_string("recordings/_plain_player.html", context).strip()


def _poster(recording: Recording, other: Photo | None = None) -> str:
    photo = recording.poster or other
    if photo is None or not recording.is_video:
        return ""
    if recording.height > recording.width:
        return renditions.url(photo, POSTER_WIDTH)
    return renditions.crop(photo, POSTER_SHAPE)[0]
