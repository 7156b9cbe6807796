"""Which addresses are a video, and where its player is."""

import pytest

from core.embeds import PLAYERS, video, video_in_paragraph

ID = "aqz-KE-bpKQ"
YOUTUBE = f"https://www.youtube-nocookie.com/embed/{ID}?autoplay=1&rel=0"


@pytest.mark.parametrize(
    ("address", "player"),
    [
        (f"https://www.youtube.com/watch?v={ID}", YOUTUBE),
        (f"https://youtube.com/watch?feature=share&v={ID}", YOUTUBE),
        (f"http://m.youtube.com/watch?v={ID}", YOUTUBE),
        (f"https://youtu.be/{ID}?si=x", YOUTUBE),
        (f"https://www.youtube.com/live/{ID}", YOUTUBE),
        (f"https://www.youtube.com/embed/{ID}", YOUTUBE),
        (f"https://youtu.be/{ID}?t=1m30s", f"{YOUTUBE}&start=90"),
        (f"https://www.youtube.com/watch?v={ID}&t=95", f"{YOUTUBE}&start=95"),
        ("https://vimeo.com/1084537", "https://player.vimeo.com/video/1084537?autoplay=1&dnt=1"),
        (
            "https://vimeo.com/1084537/abcdef0123",
            "https://player.vimeo.com/video/1084537?h=abcdef0123&autoplay=1&dnt=1",
        ),
        (
            "https://player.vimeo.com/video/1084537?h=abcdef0123",
            "https://player.vimeo.com/video/1084537?h=abcdef0123&autoplay=1&dnt=1",
        ),
    ],
)
def test_an_address_of_a_video_has_a_player(address: str, player: str) -> None:
    found = video(address)
    assert found
    assert found.player == player
    assert player.startswith(PLAYERS)
    again = video(found.page)
    assert again and again.player == player


def test_a_short_stands_upright() -> None:
    found = video(f"https://www.youtube.com/shorts/{ID}")
    assert found and found.upright
    assert found.player == YOUTUBE


@pytest.mark.parametrize(
    "address",
    [
        "",
        "youtu.be",
        "https://youtu.be/",
        f"https://youtu.be/{ID}x",
        "https://www.youtube.com/@kenh",
        f"https://www.youtube.com/redirect?v={ID}",
        f"https://youtube.com.example/watch?v={ID}",
        f"https://user@youtube.com/watch?v={ID}",
        f"https://youtube.com:444/watch?v={ID}",
        f"javascript://youtube.com/watch?v={ID}",
        "https://vimeo.com/channels/staffpicks",
        "https://vimeo.com/１０８４５３７",
        "https://[youtu.be/",
    ],
)
def test_any_other_address_is_none(address: str) -> None:
    assert video(address) is None


@pytest.mark.parametrize(
    ("html", "is_one"),
    [
        (f"<p>https://youtu.be/{ID}</p>", True),
        (f"<p> https://www.youtube.com/watch?v={ID}&amp;t=9 </p>", True),
        (f'<p><a href="https://youtu.be/{ID}">https://youtu.be/{ID}</a></p>', True),
        (f'<p><a href="https://youtu.be/{ID}">Xem video</a></p>', False),
        (f"<p>Xem https://youtu.be/{ID}</p>", False),
        (f"<p><strong>https://youtu.be/{ID}</strong></p>", False),
        ("<p>https://songque.example/</p>", False),
    ],
)
def test_a_bare_address_alone_in_its_paragraph_is_a_video(html: str, is_one: bool) -> None:
    assert bool(video_in_paragraph(html)) is is_one
