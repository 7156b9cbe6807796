"""The drawings of the demo paper."""

from io import BytesIO

import pytest
from PIL import Image

from newsroom.demo.pictures import SCENES, draw


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_can_be_drawn(scene: str) -> None:
    picture = Image.open(BytesIO(draw(scene, seed=7)))
    assert (picture.format, picture.size) == ("JPEG", (1600, 1067))


def test_a_seed_always_gives_the_same_picture_but_for_its_grain_and_another_another() -> None:
    def look(seed: int) -> list[int]:
        small = Image.open(BytesIO(draw("bay", seed))).convert("L").resize((40, 27))
        return list(small.tobytes())

    def distance(one: list[int], two: list[int]) -> float:
        return sum(abs(a - b) for a, b in zip(one, two, strict=True)) / len(one)

    assert distance(look(3), look(3)) < 2 < distance(look(3), look(4))


def test_a_picture_can_be_upright_and_an_unknown_scene_is_refused() -> None:
    assert Image.open(BytesIO(draw("bay", 1, portrait=True))).size == (1067, 1600)
    with pytest.raises(ValueError, match="no scene 'moon'"):
        draw("moon", 1)
