"""Draws the icons of the installed paper into static/icons, in the shapes of favicon.svg.

.venv/bin/python scripts/draw_icons.py
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "static/icons"
RED, WHITE = "#9c1018", "#fff"
GRID = 32
# Drawn this much larger and scaled down, which makes the edges smooth.
FINER = 8
LINES = ((7, 9, 25), (7, 14, 25), (7, 19, 17), (7, 24, 17))
BOX = (20.5, 19, 25, 24)
LINE_WIDTH = 2.4
CORNER = 5.0


def icon(size: int, *, corner: float, scale: float) -> Image.Image:
    """The mark of the paper; ``scale`` below 1 leaves room for the shape a device cuts out."""
    large = size * FINER
    unit = large / GRID
    image = Image.new("RGBA", (large, large))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, large - 1, large - 1), corner * unit, fill=RED)

    def at(value: float) -> float:
        return (GRID / 2 + (value - GRID / 2) * scale) * unit

    half = LINE_WIDTH * scale * unit / 2
    for left, y, right in LINES:
        draw.rectangle((at(left), at(y) - half, at(right), at(y) + half), fill=WHITE)
    start, top, end, bottom = map(at, BOX)
    draw.rectangle((start - half, top - half, end + half, bottom + half), fill=WHITE)
    draw.rectangle((start + half, top + half, end - half, bottom - half), fill=RED)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    for size in (192, 512):
        _save(icon(size, corner=CORNER, scale=1), f"icon-{size}x{size}")
        _save(icon(size, corner=0, scale=0.8), f"maskable-{size}x{size}")
    _save(icon(180, corner=0, scale=0.9).convert("RGB"), "apple-touch-icon")


def _save(image: Image.Image, name: str) -> None:
    image.quantize(64).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
