"""The drawings of the demo paper."""

from io import BytesIO

import pytest
from PIL import Image

from newsroom.demo.pictures import SCENES, draw


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_can_be_drawn(scene: str) -> None:
    picture = Image.open(BytesIO(draw(scene, seed=7)))
    assert (picture.format, picture.size) == ("JPEG", (1600, 1067))


def test_a_seed_always_gives_the_same_picture_and_another_seed_another() -> None:
    assert draw("bay", 3) == draw("bay", 3) != draw("bay", 4)


def test_a_picture_can_be_upright_and_an_unknown_scene_is_refused() -> None:
    assert Image.open(BytesIO(draw("bay", 1, portrait=True))).size == (1067, 1600)
    with pytest.raises(ValueError, match="no scene 'moon'"):
        draw("moon", 1)
