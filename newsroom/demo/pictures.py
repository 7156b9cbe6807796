"""Illustrations for the demo paper, drawn by code: ``draw("bay", seed=3)`` gives a JPEG.

The same scene and seed always give the same picture; another seed another hour of the day, other
hills and other boats. Distances are in pixels of the finished picture; a scene is drawn larger
and scaled down, which smooths its edges.
"""

import math
import random
from collections.abc import Callable, Sequence
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

LONG, SHORT = 1600, 1067
_SCALE = 1.5

Colour = tuple[int, int, int]
Point = tuple[float, float]
Scene = Callable[["Canvas"], None]
SCENES: dict[str, Scene] = {}


def draw(scene: str, seed: int, portrait: bool = False) -> bytes:
    """A JPEG of 1600×1067, or 1067×1600. Raises ``ValueError`` for an unknown ``scene``."""
    if scene not in SCENES:
        raise ValueError(f"no scene {scene!r}; there are: {', '.join(sorted(SCENES))}")
    canvas = Canvas(SHORT if portrait else LONG, LONG if portrait else SHORT, f"{scene}/{seed}")
    SCENES[scene](canvas)
    return canvas.finish()


def scene(name: str) -> Callable[[Scene], Scene]:
    def register(function: Scene) -> Scene:
        SCENES[name] = function
        return function

    return register


# --- colours ----------------------------------------------------------------------------------


def rgb(code: str) -> Colour:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def mix(one: Colour, two: Colour, share: float) -> Colour:
    """``one`` with ``share`` (0–1) of ``two``."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, two, strict=True))  # type: ignore[return-value]


WHITE, BLACK = rgb("ffffff"), rgb("0d1117")

# Sky from top to horizon, light of the sun, colour of the farthest and of the nearest land.
HOURS: dict[str, tuple[str, ...]] = {
    "dawn": ("5b7fa6", "e8b9a0", "fbe3c0", "fff1d0", "b9b4bf", "2f3f55"),
    "day": ("4f9bd0", "a5d3ea", "e9f5f4", "fffbe8", "a9c7cf", "1f4e4a"),
    "noon": ("3d8cc7", "8fc7e6", "d8eef2", "ffffff", "9fc3c4", "2a5a3a"),
    "dusk": ("2e3a66", "c4607a", "f7b06b", "ffe2a0", "8d6a86", "221d38"),
    "mist": ("a9bcc4", "cfdadb", "eef0ea", "ffffff", "c3d0d1", "43595c"),
    "night": ("0b1230", "1c2a57", "4a4b7c", "f4e7b8", "2b3260", "080c1d"),
    "storm": ("1f2833", "4a5763", "8b979c", "e8eef2", "6d7a82", "12181f"),
}


class Canvas:
    """A picture being drawn, with the things that scenes are made of."""

    def __init__(self, width: int, height: int, seed: str) -> None:
        self.w, self.h = width, height
        self.rng = random.Random(seed)  # noqa: S311 - pictures, not secrets
        self.image = Image.new("RGB", (round(width * _SCALE), round(height * _SCALE)))
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.use_hour("day")

    def use_hour(self, *names: str) -> None:
        """Choose one of ``HOURS``; its colours are then ``top, middle, low, light, far, near``."""
        self.hour = self.rng.choice(names)
        colours = [rgb(code) for code in HOURS[self.hour]]
        self.top, self.middle, self.low, self.light, self.far, self.near = colours

    def finish(self) -> bytes:
        picture = self.image.resize((self.w, self.h), Image.Resampling.BOX)
        # Grain of a kind that is the same each time, unlike Pillow's own noise.
        size = (self.w // 2, self.h // 2)
        grain = Image.frombytes("L", size, self.rng.randbytes(size[0] * size[1]))
        grain = grain.point([108 + value * 40 // 255 for value in range(256)])
        grain = grain.resize(picture.size, Image.Resampling.BICUBIC)
        picture = ImageChops.soft_light(picture, Image.merge("RGB", (grain,) * 3))
        buffer = BytesIO()
        picture.save(buffer, "JPEG", quality=85)
        return buffer.getvalue()

    # --- plain shapes -------------------------------------------------------------------------

    def poly(self, points: Sequence[Point], colour: Colour, alpha: float = 1) -> None:
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self.pen.polygon(scaled, fill=(*colour, round(alpha * 255)))

    def rect(
        self, x: float, y: float, w: float, h: float, colour: Colour, alpha: float = 1
    ) -> None:
        self.poly([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], colour, alpha)

    def oval(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: float = 1
    ) -> None:
        box = [(x - rx) * _SCALE, (y - ry) * _SCALE, (x + rx) * _SCALE, (y + ry) * _SCALE]
        self.pen.ellipse(box, fill=(*colour, round(alpha * 255)))

    def line(self, points: Sequence[Point], colour: Colour, width: float, alpha: float = 1) -> None:
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        fill = (*colour, round(alpha * 255))
        self.pen.line(scaled, fill=fill, width=max(1, round(width * _SCALE)), joint="curve")

    def fade(self, top: float, bottom: float, colours: Sequence[Colour]) -> None:
        """A band across the picture that runs through ``colours``."""
        strip = Image.new("RGB", (1, len(colours)))
        strip.putdata(list(colours))
        box = (0, round(top * _SCALE), self.image.width, round(bottom * _SCALE))
        size = (box[2], max(1, box[3] - box[1]))
        column = strip.resize((1, size[1]), Image.Resampling.BICUBIC)
        self.image.paste(column.resize(size, Image.Resampling.NEAREST), box[:2])

    def fade_box(
        self, x: float, y: float, w: float, h: float, colours: tuple[Colour, Colour]
    ) -> None:
        """A rectangle that runs from one colour at its top to another."""
        for n in range(12):
            self.rect(x, y + n * h / 12, w, h / 12 + 1, mix(*colours, n / 11))

    def veil(self, top: float, bottom: float, colour: Colour, alpha: float) -> None:
        """Mist: nothing at both edges of the band, most in its middle."""
        height = max(2, round((bottom - top) * _SCALE))
        mask = Image.new("L", (1, 9))
        mask.putdata([round(alpha * 255 * math.sin(i * math.pi / 8) ** 2) for i in range(9)])
        mask = mask.resize((1, height), Image.Resampling.BICUBIC)
        mask = mask.resize((self.image.width, height), Image.Resampling.NEAREST)
        self.image.paste(colour, (0, round(top * _SCALE)), mask)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1) -> None:
        """Light that fades out in a circle."""
        size = round(radius * 2 * _SCALE)
        spot = Image.radial_gradient("L").point(
            [round(strength * 255 * max(0, 1 - i / 180) ** 2) for i in range(256)]
        )
        spot = spot.resize((size, size), Image.Resampling.BILINEAR)
        self.image.paste(colour, (round((x - radius) * _SCALE), round((y - radius) * _SCALE)), spot)

    # --- sky and land -------------------------------------------------------------------------

    def sky(self, horizon: float, sun: bool = True) -> None:
        self.fade(0, horizon, (self.top, self.middle, self.low))
        self.rect(0, horizon, self.w, self.h, self.low)
        self.sun_x = self.w * self.rng.uniform(0.2, 0.8)
        self.sun_y = horizon * self.rng.uniform(0.35, 0.75)
        if self.hour in {"dawn", "dusk"}:
            self.sun_y = horizon * self.rng.uniform(0.7, 0.9)
        if sun and self.hour != "storm":
            size = self.w * (0.03 if self.hour == "night" else 0.042)
            self.glow(self.sun_x, self.sun_y, size * 9, self.light, 0.75)
            self.oval(self.sun_x, self.sun_y, size, size, self.light, 0.95)

    def clouds(self, low: float, count: int = 5, alpha: float = 0.5) -> None:
        colour = mix(self.low, WHITE, 0.6)
        for _ in range(count):
            x, y = self.rng.uniform(0, self.w), self.rng.uniform(0.08, 0.8) * low
            long = self.rng.uniform(120, 320)
            for _ in range(7):
                dx = self.rng.gauss(0, 0.45) * long
                size = long * self.rng.uniform(0.12, 0.32) * (1 - min(abs(dx) / long / 2, 0.7))
                self.oval(x + dx, y - size * 0.35, size * 1.9, size * 0.55, colour, alpha * 0.45)

    def ridge(self, y: float, height: float, colour: Colour, rough: float = 1) -> list[Point]:
        """Hills from ``y`` upwards, filled to the bottom; returns their outline."""
        waves = [
            (self.rng.uniform(0.4, 1.3) * 2**n, self.rng.uniform(0, 7), 0.55**n) for n in range(6)
        ]
        points = []
        for step in range(101):
            t = step / 100
            level = sum(
                math.sin(t * f * 6.3 + p) * a * (rough if n > 2 else 1)
                for n, (f, p, a) in enumerate(waves)
            )
            points.append((t * self.w, y - height * (0.5 + level / 3.6)))
        self.poly([*points, (self.w, self.h), (0, self.h)], colour)
        return points

    def karst(self, base: float, tall: float, count: int, colour: Colour) -> None:
        """Limestone towers that stand in water or fields."""
        for _ in range(count):
            x, height = self.rng.uniform(-0.05, 1.05) * self.w, tall * self.rng.uniform(0.35, 1)
            half = height * self.rng.uniform(0.28, 0.62)
            lean, knobs = self.rng.uniform(-0.25, 0.25), self.rng.uniform(3, 6)
            left, right = [], []
            for step in range(13):
                t = step / 12
                width = half * math.sqrt(max(0, 1 - t**2.4)) * (1 + 0.06 * math.sin(t * knobs * 3))
                jag = self.rng.uniform(-0.035, 0.035) * height
                left.append((x - width + lean * t * half + jag, base - t * height))
                right.append((x + width + lean * t * half - jag, base - t * height))
            self.poly([*left, *reversed(right)], colour)
            lit = [(px + (1 - i / 13) * half * 0.5, py) for i, (px, py) in enumerate(left)]
            side = left if self.sun_x < x else right
            inner = lit if self.sun_x < x else [(2 * x - px, py) for px, py in lit]
            self.poly([*side, *reversed(inner)], mix(colour, self.light, 0.35), 0.28)

    def layers(
        self, top: float, bottom: float, count: int, height: float, rough: float = 1
    ) -> None:
        """Ranges of hills, each nearer and darker than the one behind."""
        for n in range(count):
            share = n / max(1, count - 1)
            y = top + (bottom - top) * share
            self.ridge(y, height * (1 - share * 0.4), mix(self.far, self.near, share * 0.8), rough)
            self.veil(y - height * 0.1, y + height * 0.5, self.low, 0.45 * (1 - share))

    def water(self, y: float, tint: Colour | None = None, mirror: float = 0.55) -> None:
        """Water below ``y``: what stands above it, upside down and rippled."""
        top = round(y * _SCALE)
        depth = self.image.height - top
        above = self.image.crop((0, max(0, top - depth), self.image.width, top))
        above = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((self.image.width // 4, 90))
        above = above.filter(ImageFilter.GaussianBlur(1.2)).resize((self.image.width, depth))
        tint = tint or mix(self.middle, self.near, 0.35)
        self.fade(y, self.h, (mix(tint, self.low, 0.55), tint, mix(tint, self.near, 0.55)))
        surface = self.image.crop((0, top, self.image.width, self.image.height))
        self.image.paste(Image.blend(surface, above, mirror), (0, top))
        for _ in range(150):
            t = self.rng.random() ** 1.6
            level, long = y + 4 + t * (self.h - y), 16 + 150 * t * self.rng.random()
            x = self.rng.uniform(-50, self.w)
            shade = self.low if self.rng.random() < 0.6 else self.near
            self.line([(x, level), (x + long, level)], shade, 1 + 2.5 * t, 0.22)
        if self.hour not in {"storm", "mist"}:
            for _ in range(90):
                t = self.rng.random()
                level, spread = y + 3 + t * (self.h - y), (14 + 110 * t) * self.rng.gauss(0, 0.5)
                x, long = self.sun_x + spread, 8 + 46 * t * self.rng.random()
                self.line([(x, level), (x + long, level)], self.light, 1.2 + 2.5 * t, 0.5)

    # --- things -------------------------------------------------------------------------------

    def boat(self, x: float, y: float, s: float, hull: Colour, sail: Colour | None = None) -> None:
        """A fishing boat, or with ``sail`` a junk; ``s`` is half its length."""
        for n in range(6):
            self.line(
                [
                    (x - s * (1 - n * 0.12), y + s * (0.06 + n * 0.07)),
                    (x + s * (0.8 - n * 0.12), y + s * (0.06 + n * 0.07)),
                ],
                hull,
                s * 0.03,
                0.35 - n * 0.05,
            )
        self.poly(
            [
                (x - s, y - s * 0.22),
                (x - s * 0.75, y + s * 0.07),
                (x + s * 0.75, y + s * 0.07),
                (x + s * 1.05, y - s * 0.34),
                (x + s * 0.6, y - s * 0.16),
                (x - s * 0.6, y - s * 0.15),
            ],
            hull,
        )
        self.line(
            [(x - s * 0.9, y - s * 0.14), (x + s * 0.95, y - s * 0.2)],
            mix(hull, self.light, 0.6),
            s * 0.03,
        )
        if sail:
            for at, size in ((-0.3, 0.85), (0.35, 1.15)):
                foot = x + s * at
                self.line([(foot, y - s * 0.15), (foot, y - s * (0.3 + size))], hull, s * 0.04)
                self.poly(
                    [
                        (foot - s * 0.28, y - s * 0.28),
                        (foot + s * 0.3, y - s * 0.3),
                        (foot + s * 0.36, y - s * (0.2 + size * 0.7)),
                        (foot + s * 0.05, y - s * (0.28 + size)),
                        (foot - s * 0.2, y - s * (0.1 + size * 0.8)),
                    ],
                    sail,
                )
                for rib in range(1, 5):
                    level = y - s * (0.28 + rib * size * 0.17)
                    self.line(
                        [(foot - s * 0.24, level), (foot + s * 0.33, level - s * 0.04)],
                        mix(sail, hull, 0.5),
                        s * 0.018,
                    )
            return
        self.rect(x - s * 0.5, y - s * 0.48, s * 0.5, s * 0.33, mix(hull, self.low, 0.55))
        self.rect(x - s * 0.56, y - s * 0.53, s * 0.62, s * 0.06, hull)
        self.rect(x - s * 0.42, y - s * 0.41, s * 0.13, s * 0.11, hull)
        self.rect(x - s * 0.2, y - s * 0.41, s * 0.13, s * 0.11, hull)
        self.line([(x + s * 0.25, y - s * 0.15), (x + s * 0.25, y - s * 0.95)], hull, s * 0.035)
        self.line([(x + s * 0.25, y - s * 0.9), (x + s * 0.95, y - s * 0.28)], hull, s * 0.012)
        self.line([(x + s * 0.25, y - s * 0.9), (x - s * 0.5, y - s * 0.5)], hull, s * 0.012)

    def person(self, x: float, y: float, s: float, coat: Colour, hat: str = "") -> None:
        """Somebody ``s`` tall who stands at ``y``; ``hat`` is "", "cone" or "helmet"."""
        dark, skin = mix(coat, BLACK, 0.55), rgb("c99873")
        self.poly(
            [
                (x - s * 0.09, y),
                (x - s * 0.1, y - s * 0.45),
                (x + s * 0.1, y - s * 0.45),
                (x + s * 0.09, y),
                (x + s * 0.02, y),
                (x, y - s * 0.35),
                (x - s * 0.02, y),
            ],
            dark,
        )
        self.poly(
            [
                (x - s * 0.12, y - s * 0.4),
                (x - s * 0.14, y - s * 0.74),
                (x - s * 0.06, y - s * 0.8),
                (x + s * 0.06, y - s * 0.8),
                (x + s * 0.14, y - s * 0.74),
                (x + s * 0.12, y - s * 0.4),
            ],
            coat,
        )
        self.line([(x - s * 0.12, y - s * 0.72), (x - s * 0.17, y - s * 0.45)], coat, s * 0.06)
        self.line([(x + s * 0.12, y - s * 0.72), (x + s * 0.17, y - s * 0.45)], coat, s * 0.06)
        self.oval(x, y - s * 0.88, s * 0.075, s * 0.09, skin)
        if hat == "cone":
            self.poly(
                [(x - s * 0.2, y - s * 0.87), (x, y - s * 1.05), (x + s * 0.2, y - s * 0.87)],
                rgb("e6d3a3"),
            )
        elif hat == "helmet":
            self.pen.pieslice(
                [
                    (x - s * 0.1) * _SCALE,
                    (y - s * 1.0) * _SCALE,
                    (x + s * 0.1) * _SCALE,
                    (y - s * 0.8) * _SCALE,
                ],
                180,
                360,
                fill=rgb("f2b92c"),
            )
        else:
            self.pen.pieslice(
                [
                    (x - s * 0.085) * _SCALE,
                    (y - s * 0.985) * _SCALE,
                    (x + s * 0.085) * _SCALE,
                    (y - s * 0.8) * _SCALE,
                ],
                180,
                360,
                fill=rgb("231c1c"),
            )

    def tree(self, x: float, y: float, s: float, colour: Colour) -> None:
        self.line([(x, y), (x + s * 0.03, y - s * 0.6)], mix(colour, rgb("3b2a20"), 0.7), s * 0.07)
        for _ in range(13):
            dx, dy = self.rng.gauss(0, 0.2) * s, self.rng.gauss(0, 0.13) * s
            tone = mix(colour, self.light, max(0, -dy / s) * 0.9 + self.rng.uniform(0, 0.1))
            size = s * self.rng.uniform(0.12, 0.22)
            self.oval(x + dx, y - s * 0.72 + dy, size, size * 0.85, tone)

    def palm(self, x: float, y: float, s: float, colour: Colour) -> None:
        bend = self.rng.uniform(-0.25, 0.25) * s
        trunk = [(x + bend * t**2, y - s * t) for t in (0, 0.25, 0.5, 0.75, 1)]
        self.line(trunk, mix(colour, rgb("5a4434"), 0.6), s * 0.045)
        crown_x, crown_y = trunk[-1]
        for n in range(9):
            angle, long = math.pi * (n / 8) * 1.3 - 0.47, s * self.rng.uniform(0.38, 0.5)
            curve = []
            for t in (0, 0.35, 0.7, 1):
                curve.append(
                    (
                        crown_x + math.cos(angle) * long * t,
                        crown_y - math.sin(angle) * long * t * 0.75 + long * 0.45 * t**2,
                    )
                )
            drop = [
                (px, py + s * 0.07 * (1 - abs(0.5 - i / 3) * 1.4))
                for i, (px, py) in enumerate(curve)
            ]
            self.poly([*curve, *reversed(drop)], mix(colour, self.light, 0.05 * (n % 3)))

    def house(self, x: float, y: float, w: float, wall: Colour, roof: Colour) -> None:
        """A house with a tiled roof, ``w`` wide, that stands at ``y``."""
        high = w * 0.42
        self.rect(x, y - high, w, high, wall)
        self.rect(x, y - high, w * 0.35, high, BLACK, 0.12)
        self.poly(
            [
                (x - w * 0.1, y - high),
                (x + w * 0.14, y - high * 1.75),
                (x + w * 0.86, y - high * 1.75),
                (x + w * 1.1, y - high),
            ],
            roof,
        )
        for n in range(1, 4):
            level = y - high - high * 0.75 * n / 4
            self.line([(x - w * 0.04, level), (x + w * 1.04, level)], BLACK, w * 0.008, 0.18)
        dark = mix(wall, BLACK, 0.65)
        lamp = rgb("ffd98a") if self.hour in {"dusk", "night", "dawn"} else dark
        self.rect(x + w * 0.44, y - high * 0.68, w * 0.15, high * 0.68, dark)
        for at in (0.14, 0.72):
            self.rect(x + w * at, y - high * 0.68, w * 0.15, high * 0.34, lamp)

    def block(self, x: float, y: float, w: float, h: float, wall: Colour, lit: float) -> None:
        """A town building with rows of windows; ``lit`` is the share with light."""
        self.rect(x, y - h, w, h, wall)
        self.rect(x, y - h, w * 0.22, h, BLACK, 0.16)
        self.rect(x - 2, y - h - 5, w + 4, 6, mix(wall, BLACK, 0.25))
        step = max(15.0, w / 7)
        dark, lamp = mix(wall, BLACK, 0.4), rgb("ffd98a")
        for row in range(int((h - 20) / (step * 1.25))):
            for column in range(max(1, int((w - 8) / step))):
                colour = lamp if self.rng.random() < lit else dark
                at = x + 6 + column * step, y - h + 12 + row * step * 1.25
                self.rect(*at, step * 0.55, step * 0.7, colour, 0.9)

    def roof(self, x: float, y: float, half: float, height: float, colour: Colour) -> None:
        """A temple's roof with eaves that sweep up; ``y`` is its lower edge."""
        left: list[Point] = []
        for step in range(11):
            t = step / 10
            left.append(
                (
                    x - half * (1 - t * 0.62),
                    y - height * (t**1.7) - height * 0.42 * max(0, 1 - t * 4.5) ** 2,
                )
            )
        right = [(2 * x - px, py) for px, py in reversed(left)]
        self.poly([*left, *right], colour)
        self.line([left[-1], right[0]], mix(colour, self.light, 0.4), height * 0.09)
        for n in range(1, 12):
            t = n / 12
            foot = x - half * 0.88 + half * 1.76 * t
            head = x - half * 0.36 + half * 0.72 * t
            self.line([(foot, y - height * 0.06), (head, y - height * 0.97)], BLACK, 1.6, 0.2)

    def crane(self, x: float, y: float, s: float, colour: Colour) -> None:
        """A quay crane ``s`` tall."""
        for at in (-0.16, 0.16):
            self.line([(x + at * s, y), (x + at * s * 0.8, y - s * 0.72)], colour, s * 0.03)
        self.line([(x - s * 0.16, y - s * 0.25), (x + s * 0.16, y - s * 0.25)], colour, s * 0.02)
        self.line([(x - s * 0.16, y - s * 0.02), (x + s * 0.14, y - s * 0.7)], colour, s * 0.012)
        self.line([(x - s * 0.5, y - s * 0.7), (x + s * 0.75, y - s * 0.72)], colour, s * 0.03)
        self.line([(x, y - s * 0.7), (x + s * 0.06, y - s)], colour, s * 0.025)
        self.line([(x + s * 0.06, y - s), (x + s * 0.7, y - s * 0.72)], colour, s * 0.01)
        self.line([(x + s * 0.06, y - s), (x - s * 0.45, y - s * 0.7)], colour, s * 0.01)
        self.rect(x - s * 0.1, y - s * 0.68, s * 0.12, s * 0.08, colour)
        self.line([(x + s * 0.5, y - s * 0.7), (x + s * 0.5, y - s * 0.4)], colour, s * 0.007)
        self.rect(x + s * 0.43, y - s * 0.41, s * 0.14, s * 0.07, rgb("c6452f"))

    def truck(self, x: float, y: float, s: float, colour: Colour) -> None:
        self.poly(
            [
                (x - s * 0.55, y - s * 0.2),
                (x - s * 0.68, y - s * 0.58),
                (x + s * 0.28, y - s * 0.58),
                (x + s * 0.2, y - s * 0.2),
            ],
            colour,
        )
        self.poly(
            [(x - s * 0.6, y - s * 0.58), (x - s * 0.2, y - s * 0.72), (x + s * 0.2, y - s * 0.58)],
            rgb("22242a"),
        )
        self.rect(x + s * 0.27, y - s * 0.55, s * 0.26, s * 0.36, mix(colour, BLACK, 0.2))
        self.rect(x + s * 0.34, y - s * 0.5, s * 0.16, s * 0.13, self.low)
        self.rect(x - s * 0.58, y - s * 0.22, s * 1.12, s * 0.07, BLACK)
        for at in (-0.4, -0.08, 0.36):
            self.oval(x + at * s, y - s * 0.1, s * 0.12, s * 0.12, BLACK)
            self.oval(x + at * s, y - s * 0.1, s * 0.045, s * 0.045, rgb("8c9299"))

    def birds(self, count: int, low: float) -> None:
        x, y = self.rng.uniform(0.15, 0.7) * self.w, self.rng.uniform(0.2, 0.6) * low
        for _ in range(count):
            at_x, at_y = x + self.rng.gauss(0, 90), y + self.rng.gauss(0, 34)
            s = self.rng.uniform(7, 13)
            self.line(
                [(at_x - s, at_y - s * 0.5), (at_x, at_y), (at_x + s, at_y - s * 0.55)],
                self.near,
                2.2,
                0.8,
            )

    def crowd(self, y: float, s: float, hats: str, count: int, coats: Sequence[str]) -> None:
        for n in range(count):
            x = (n + self.rng.uniform(0.15, 0.85)) / count * self.w
            self.person(
                x,
                y + self.rng.uniform(-0.05, 0.05) * s,
                s * self.rng.uniform(0.9, 1.08),
                rgb(self.rng.choice(coats)),
                hats if self.rng.random() < 0.7 else "",
            )


COATS = ("b5473c", "2f6d8c", "d7a13b", "5c7f4d", "7b4d7a", "e2ddd0", "334a5e", "c97b5a")
TILES, PLASTER = rgb("a8472f"), ("f0dfb8", "e9cda0", "dfe6df", "f3ead8", "d9c7b0")


# --- sea --------------------------------------------------------------------------------------


@scene("bay")
def bay(c: Canvas) -> None:
    c.use_hour("day", "dusk", "dawn", "noon")
    horizon = c.h * 0.56
    c.sky(horizon)
    c.clouds(horizon)
    for n in range(4):
        c.karst(horizon + n * 7, c.h * (0.16 + 0.07 * n), 9 - n * 2, mix(c.far, c.near, n * 0.28))
        c.veil(horizon - c.h * 0.09, horizon + 14, c.low, 0.55 - n * 0.12)
    c.water(horizon + 20, mix(c.middle, rgb("1e7f86"), 0.45))
    for n in range(3):
        t = (n + 1) / 3
        c.boat(
            c.w * c.rng.uniform(0.12, 0.85),
            horizon + 60 + c.h * 0.3 * t * c.rng.uniform(0.6, 1),
            50 + 95 * t,
            mix(rgb("4a2c22"), c.near, 0.3),
            mix(rgb("b5553a"), c.near, 0.25),
        )


@scene("karst-dawn")
def karst_dawn(c: Canvas) -> None:
    c.use_hour("dawn", "mist", "dusk")
    horizon = c.h * 0.62
    c.sky(horizon)
    for n in range(5):
        c.karst(horizon + n * 6, c.h * (0.2 + 0.09 * n), 8 - n, mix(c.far, c.near, n * 0.2))
        c.veil(horizon - c.h * (0.3 - n * 0.03), horizon + 25, c.low, 0.8 - n * 0.1)
    c.water(horizon + 26, mirror=0.7)
    c.veil(horizon - 40, horizon + 120, c.low, 0.6)
    c.boat(c.w * c.rng.uniform(0.25, 0.7), c.h * 0.83, 80, c.near)
    c.birds(9, horizon)


@scene("fishing-boats")
def fishing_boats(c: Canvas) -> None:
    c.use_hour("dawn", "day", "dusk")
    horizon = c.h * 0.42
    c.sky(horizon)
    c.clouds(horizon, 4)
    c.layers(horizon - 20, horizon + 20, 2, c.h * 0.12)
    c.water(horizon + 20, mix(c.middle, rgb("1b6e86"), 0.5))
    hulls = ("1f5f8b", "a33b2c", "2d7a5b", "3a3f52", "c07a2e")
    for n in range(8):
        t = (n + 1) / 8
        c.boat(
            c.w * ((n * 0.37 + c.rng.uniform(0, 0.2)) % 1),
            horizon + 45 + c.h * 0.45 * t,
            36 + 120 * t,
            mix(rgb(c.rng.choice(hulls)), c.near, 0.25),
        )
    c.birds(12, horizon)


@scene("port")
def port(c: Canvas) -> None:
    c.use_hour("dusk", "day", "dawn")
    horizon = c.h * 0.66
    c.sky(horizon)
    c.clouds(horizon, 4)
    c.layers(horizon - 60, horizon - 20, 2, c.h * 0.12)
    steel = mix(c.near, rgb("2c5877"), 0.35)
    for n in range(4):
        c.crane(c.w * (0.1 + n * 0.23), horizon, c.h * c.rng.uniform(0.4, 0.52), steel)
    boxes = ("b5473c", "2f6d8c", "d7a13b", "3f7d5a", "8b8f94", "c96f3a")
    for row in range(3):
        for n in range(34):
            if c.rng.random() < 0.82 - row * 0.18:
                size = c.w / 33
                c.rect(
                    n * size,
                    horizon - (row + 1) * 25,
                    size - 3,
                    24,
                    mix(rgb(c.rng.choice(boxes)), c.near, 0.25),
                )
    c.rect(0, horizon, c.w, 22, mix(c.near, rgb("777777"), 0.3))
    c.water(horizon + 22)
    x, y = c.w * c.rng.uniform(0.35, 0.5), horizon + c.h * 0.19
    long = c.w * 0.33
    c.poly(
        [
            (x - long, y - 70),
            (x - long * 0.9, y + 26),
            (x + long * 0.92, y + 26),
            (x + long * 1.06, y - 82),
        ],
        mix(rgb("7c2f2a"), c.near, 0.35),
    )
    c.rect(x - long * 0.94, y + 8, long * 1.9, 18, mix(rgb("23252d"), c.near, 0.3))
    for row in range(3):
        for n in range(15):
            size = long * 1.45 / 15
            c.rect(
                x - long * 0.55 + n * size,
                y - 72 - (row + 1) * 25,
                size - 3,
                23,
                mix(rgb(c.rng.choice(boxes)), c.near, 0.12),
            )
    c.rect(x - long * 0.88, y - 200, long * 0.24, 130, mix(WHITE, c.near, 0.18))
    c.rect(x - long * 0.9, y - 214, long * 0.28, 18, mix(WHITE, c.near, 0.3))
    for n in range(4):
        c.rect(x - long * 0.86, y - 190 + n * 28, long * 0.2, 9, c.near)


@scene("island")
def island(c: Canvas) -> None:
    c.use_hour("noon", "day", "dusk")
    horizon = c.h * 0.5
    c.sky(horizon)
    c.clouds(horizon, 7)
    c.karst(horizon + 4, c.h * 0.1, 4, mix(c.far, c.near, 0.15))
    c.water(horizon, mix(c.middle, rgb("14909c"), 0.65), 0.3)
    x, y = c.w * c.rng.uniform(0.45, 0.58), c.h * 0.66
    c.oval(x, y + 10, c.w * 0.34, c.h * 0.055, rgb("9fdcd2"), 0.45)
    c.oval(x, y, c.w * 0.29, c.h * 0.035, mix(rgb("f0deb0"), c.low, 0.2))
    green = mix(rgb("2c6b47"), c.near, 0.2)
    for n in range(34):
        at = c.rng.gauss(0, 0.34)
        size = c.h * 0.2 * max(0.25, 1 - abs(at) * 1.3)
        c.oval(
            x + at * c.w * 0.27,
            y - size * 0.35,
            size * 0.42,
            size * 0.42,
            mix(green, c.light, 0.03 * (n % 5)),
        )
    tower = x + c.w * 0.06
    c.poly(
        [
            (tower - 17, y - 40),
            (tower - 11, y - c.h * 0.3),
            (tower + 11, y - c.h * 0.3),
            (tower + 17, y - 40),
        ],
        rgb("f3efe6"),
    )
    for level in (0.12, 0.22):
        c.rect(tower - 14, y - c.h * level, 28, 20, rgb("c6452f"))
    c.rect(tower - 13, y - c.h * 0.335, 26, c.h * 0.036, mix(c.light, rgb("ffd34d"), 0.4))
    c.glow(tower, y - c.h * 0.32, 110, rgb("fff0b8"), 0.6)
    for n in range(5):
        c.palm(x - c.w * 0.22 + n * c.w * 0.05, y, c.h * c.rng.uniform(0.12, 0.2), green)
    c.boat(c.w * 0.2, c.h * 0.86, 80, mix(rgb("1f5f8b"), c.near, 0.3))


@scene("beach")
def beach(c: Canvas) -> None:
    c.use_hour("noon", "day", "dusk")
    horizon = c.h * 0.45
    c.sky(horizon)
    c.clouds(horizon, 6)
    c.karst(horizon + 2, c.h * 0.15, 4, mix(c.far, c.near, 0.25))
    c.water(horizon, mix(c.middle, rgb("17939f"), 0.6), 0.3)
    sand = mix(rgb("f1ddb0"), c.low, 0.25)
    for n, colour in enumerate((rgb("bfe6de"), WHITE, mix(sand, rgb("b79a6a"), 0.45), sand)):
        top, phase = c.h * (0.7 + n * 0.024), c.rng.uniform(0, 2)
        edge = [(x * c.w / 40, top + math.sin(x / 5 + phase) * 13 - x * 2.4) for x in range(41)]
        c.poly([*edge, (c.w, c.h), (0, c.h)], colour, 0.6 if n == 0 else 0.95)
    cloth = ("c6452f", "2f7f9c", "e0a93b", "f3ead8")
    for n in range(5):
        x, y = c.w * (0.12 + n * 0.19), c.h * (0.86 - n * 0.012) + c.rng.uniform(-12, 16)
        colour = rgb(cloth[n % 4])
        c.oval(x + 20, y + 4, 80, 9, BLACK, 0.16)
        c.line([(x, y), (x + 8, y - 125)], rgb("f5efe0"), 6)
        for part in range(4):
            a, b = -80 + part * 40, -40 + part * 40
            c.poly(
                [(x + 8 + a, y - 100), (x + 8, y - 155), (x + 8 + b, y - 100)],
                colour if part % 2 else mix(colour, WHITE, 0.65),
            )
        c.person(x + 75, y + 6, 62, rgb(c.rng.choice(COATS)))
    c.palm(c.w * 0.06, c.h * 0.98, c.h * 0.55, mix(rgb("1f5a3c"), c.near, 0.3))
    c.palm(c.w * 0.95, c.h * 1.0, c.h * 0.62, mix(rgb("1f5a3c"), c.near, 0.3))


@scene("storm")
def storm(c: Canvas) -> None:
    c.use_hour("storm")
    horizon = c.h * 0.55
    c.sky(horizon, sun=False)
    c.sun_x = c.w / 2
    for _ in range(46):
        x, y = c.rng.uniform(0, c.w), c.rng.uniform(-20, c.h * 0.33)
        size = c.rng.uniform(70, 200)
        tone = mix(c.top, c.low, c.rng.uniform(0, 0.4))
        c.oval(x, y, size * 1.7, size * 0.5, tone, 0.35)
    x, y = c.w * c.rng.uniform(0.25, 0.75), c.h * 0.2
    bolt = [(x, y)]
    while bolt[-1][1] < horizon:
        bolt.append((bolt[-1][0] + c.rng.uniform(-34, 34), bolt[-1][1] + c.rng.uniform(20, 48)))
    c.glow(x, c.h * 0.25, 420, rgb("cfdcec"), 0.6)
    c.line(bolt, WHITE, 5, 0.95)
    c.karst(horizon + 6, c.h * 0.15, 6, mix(c.far, c.near, 0.4))
    c.fade(horizon, c.h, (rgb("55666b"), rgb("2c3d44"), rgb("141d23")))
    for n in range(11):
        t = n / 10
        y, high = horizon + 12 + t * (c.h * 0.4), 8 + 34 * t
        phase, length = c.rng.uniform(0, 6), 5 - 3 * t
        crest = [
            (i * c.w / 60, y - high * abs(math.sin(i / 60 * length * 6 + phase)) ** 0.7)
            for i in range(61)
        ]
        c.poly([*crest, (c.w, c.h), (0, c.h)], mix(rgb("4d6066"), rgb("121b20"), t))
        c.line(crest, rgb("d5dfe0"), 2 + 3 * t, 0.5)
    c.boat(c.w * c.rng.uniform(0.25, 0.7), c.h * 0.74, 105, rgb("2b2f3a"))
    for _ in range(420):
        x, y, long = c.rng.uniform(0, c.w * 1.2), c.rng.uniform(0, c.h), c.rng.uniform(24, 70)
        c.line([(x, y), (x - long * 0.35, y + long)], rgb("dfe8ec"), 1.4, 0.22)


# --- country ----------------------------------------------------------------------------------


@scene("rice-field")
def rice_field(c: Canvas) -> None:
    c.use_hour("day", "dawn", "dusk", "noon")
    horizon = c.h * 0.42
    c.sky(horizon)
    c.clouds(horizon)
    c.layers(horizon - 30, horizon + 10, 3, c.h * 0.17)
    ripe = mix(rgb(c.rng.choice(("c9a63a", "7fae45", "a9b345"))), c.light, 0.1)
    c.fade(horizon + 10, c.h, (mix(ripe, c.low, 0.4), ripe, mix(ripe, c.near, 0.45)))
    vanish = c.w * c.rng.uniform(0.35, 0.65)
    for n in range(-14, 15):
        c.line(
            [(vanish + n * 9, horizon + 12), (vanish + n * c.w * 0.16, c.h)],
            mix(ripe, c.near, 0.5),
            2.5,
            0.45,
        )
    for n in range(5):
        y = horizon + 22 + (c.h - horizon) * (n / 5) ** 1.8
        c.line(
            [(0, y), (c.w, y + c.rng.uniform(-8, 8))], mix(ripe, rgb("4d5f2c"), 0.6), 3 + n * 2.5
        )
    for _ in range(800):
        t = c.rng.random() ** 0.7
        x, y, s = c.rng.uniform(0, c.w), horizon + 30 + t * (c.h - horizon), 5 + 24 * t
        c.line(
            [(x, y), (x + c.rng.uniform(-0.4, 0.4) * s, y - s)],
            mix(ripe, WHITE if c.rng.random() < 0.4 else c.near, 0.35),
            1.5 + t,
            0.6,
        )
    for n in range(7):
        t = c.rng.uniform(0.15, 0.5)
        c.person(
            c.w * (0.1 + n * 0.13),
            horizon + 40 + t * c.h * 0.55,
            46 + 140 * t,
            rgb(c.rng.choice(COATS)),
            "cone",
        )
    c.palm(c.w * 0.9, horizon + 60, c.h * 0.25, mix(rgb("2b5d3a"), c.near, 0.4))


@scene("terraces")
def terraces(c: Canvas) -> None:
    c.use_hour("dawn", "dusk", "mist", "day")
    horizon = c.h * 0.36
    c.sky(horizon)
    c.layers(horizon - 30, horizon + 30, 3, c.h * 0.24, 1.4)
    ripe = rgb(c.rng.choice(("d0a93c", "8fb04a", "b9b24a")))
    phase, count = c.rng.uniform(0, 6), 15
    for n in range(count):
        t = n / count
        y = horizon + 40 + (c.h - horizon) * t**1.25
        edge = []
        for i in range(41):
            x = i / 40
            bend = math.sin(x * 4.2 + phase + t * 1.1) * 46 + math.sin(x * 9 + phase * 2) * 13
            edge.append((x * c.w, y + bend * (0.6 + t)))
        wet = n % 4 == 1
        tone = mix(c.low, c.middle, 0.3) if wet else mix(ripe, c.near, 0.05 + 0.3 * t)
        c.poly([*edge, (c.w, c.h), (0, c.h)], mix(tone, c.light, 0.12 * (n % 2)))
        c.line(edge, mix(rgb("46582d"), c.near, 0.4), 5 + 7 * t)
        c.line([(x, y2 - 4) for x, y2 in edge], c.light, 2, 0.4)
    c.veil(horizon - 20, horizon + c.h * 0.22, c.low, 0.6)
    c.house(c.w * c.rng.uniform(0.6, 0.75), c.h * 0.62, 120, rgb("7c5a3e"), rgb("5b4636"))
    for n in range(3):
        c.person(c.w * (0.2 + n * 0.1), c.h * (0.72 + n * 0.03), 74, rgb(COATS[n]), "cone")


@scene("tea-hill")
def tea_hill(c: Canvas) -> None:
    c.use_hour("dawn", "day", "mist")
    horizon = c.h * 0.34
    c.sky(horizon)
    c.layers(horizon - 20, horizon + 20, 2, c.h * 0.22)
    for hill in range(3):
        t = hill / 2
        centre, y = c.w * c.rng.uniform(0.15, 0.85), horizon + c.h * (0.1 + 0.2 * hill)
        green = mix(rgb("8db65a"), rgb("2f6b3a"), 0.25 + 0.3 * t)
        for row in range(10):
            level, edge = y + row * (20 + 18 * t), []
            for i in range(33):
                x = i / 32 * c.w
                edge.append(
                    (
                        x,
                        level
                        + ((x - centre) / c.w) ** 2 * c.h * 0.45
                        + abs(math.sin(i * 1.9)) * (4 + 5 * t),
                    )
                )
            c.poly([*edge, (c.w, c.h), (0, c.h)], mix(green, c.light, 0.2 if row % 2 else 0))
            c.line(
                [(px, py + 8 + 6 * t) for px, py in edge], mix(green, c.near, 0.7), 3 + 3 * t, 0.7
            )
        c.veil(y - 40, y + 60, c.low, 0.35 * (1 - t))
    for n in range(6):
        c.person(
            c.w * (0.14 + n * 0.14),
            c.h * c.rng.uniform(0.7, 0.92),
            96,
            rgb(c.rng.choice(COATS)),
            "cone",
        )


@scene("forest")
def forest(c: Canvas) -> None:
    c.use_hour("mist", "dawn", "day")
    c.fade(0, c.h, (mix(c.top, rgb("7fa58c"), 0.4), c.low, mix(rgb("4f7a4c"), c.near, 0.2)))
    c.sun_x, c.sun_y = c.w * c.rng.uniform(0.3, 0.7), c.h * 0.18
    c.glow(c.sun_x, c.sun_y, c.w * 0.55, c.light, 0.9)
    for depth in range(5):
        t = depth / 4
        tone = mix(mix(c.low, rgb("7d9c84"), 0.5), rgb("16281f"), t)
        base = c.h * (0.6 + 0.1 * depth)
        for _ in range(15 - depth * 2):
            x, wide = c.rng.uniform(0, c.w), 9 + 26 * t * c.rng.uniform(0.6, 1.3)
            lean = c.rng.uniform(-24, 24)
            c.poly(
                [
                    (x - wide * 0.8, base + 40),
                    (x - wide * 0.4 + lean, -10),
                    (x + wide * 0.4 + lean, -10),
                    (x + wide, base + 40),
                ],
                tone,
            )
            for _ in range(5):
                dx, y = c.rng.gauss(0, 70 + 50 * t), c.rng.uniform(-30, c.h * 0.3)
                size = c.rng.uniform(40, 90) * (0.7 + t * 0.5)
                c.oval(x + lean + dx, y, size, size * 0.6, mix(tone, rgb("5f8f4f"), 0.35), 0.8)
        c.ridge(base + 30, 40, mix(tone, rgb("35573a"), 0.5))
        c.veil(base - c.h * 0.25, base + 60, c.light, 0.42 * (1 - t))
    for n in range(6):
        x = c.sun_x + (n - 2.5) * 40
        c.poly(
            [(x, c.sun_y), (x + (n - 2.5) * 210 - 34, c.h), (x + (n - 2.5) * 210 + 50, c.h)],
            c.light,
            0.09,
        )


@scene("river")
def river(c: Canvas) -> None:
    c.use_hour("dawn", "dusk", "day")
    horizon = c.h * 0.4
    c.sky(horizon)
    c.clouds(horizon, 4)
    c.layers(horizon - 30, horizon + 20, 3, c.h * 0.18)
    c.water(horizon + 20)
    for side in (0, 1):
        bank = []
        for i in range(21):
            t = i / 20
            reach = c.w * (0.47 - 0.3 * t + 0.04 * math.sin(t * 9 + side)) * (1 - t * 0.4)
            bank.append((reach if side == 0 else c.w - reach, horizon + 20 + (c.h - horizon) * t))
        edge = 0 if side == 0 else c.w
        c.poly([(edge, horizon + 20), *bank, (edge, c.h)], mix(rgb("47753f"), c.near, 0.35))
        for n in range(13):
            t = n / 13
            x, y = bank[int(t * 20)]
            inward = c.rng.uniform(10, 110) * (1 if side else -1)
            c.tree(x + inward, y + 10, 60 + 190 * t, mix(rgb("3f7a44"), c.near, 0.2 + 0.2 * t))
    c.boat(c.w * c.rng.uniform(0.42, 0.58), c.h * 0.68, 80, mix(rgb("4a2c22"), c.near, 0.3))
    c.person(c.w * 0.5, c.h * 0.86, 90, rgb("33495c"), "cone")
    c.poly(
        [
            (c.w * 0.4, c.h * 0.85),
            (c.w * 0.44, c.h * 0.885),
            (c.w * 0.57, c.h * 0.885),
            (c.w * 0.62, c.h * 0.845),
            (c.w * 0.5, c.h * 0.862),
        ],
        mix(rgb("3a2419"), c.near, 0.3),
    )


@scene("village")
def village(c: Canvas) -> None:
    c.use_hour("dusk", "dawn", "day")
    horizon = c.h * 0.48
    c.sky(horizon)
    c.clouds(horizon, 4)
    c.layers(horizon - 20, horizon + 20, 3, c.h * 0.25)
    grass = mix(rgb("7da24c"), c.near, 0.2)
    c.fade(horizon + 24, c.h, (mix(grass, c.low, 0.3), grass, mix(grass, c.near, 0.5)))
    for row in range(3):
        y, wide = horizon + 70 + row * c.h * 0.115, 120 + row * 55
        x = c.rng.uniform(-80, 10)
        while x < c.w:
            c.tree(x - 26, y + 2, wide * 0.85, mix(rgb("3d7040"), c.near, 0.15))
            c.house(
                x,
                y,
                wide,
                mix(rgb(c.rng.choice(PLASTER)), c.near, 0.12),
                mix(TILES, c.near, c.rng.uniform(0.05, 0.3)),
            )
            x += wide * c.rng.uniform(1.35, 2.1)
    c.poly(
        [
            (c.w * 0.46, horizon + 60),
            (c.w * 0.5, horizon + 60),
            (c.w * 0.74, c.h),
            (c.w * 0.34, c.h),
        ],
        mix(rgb("d9c39a"), c.near, 0.15),
        0.9,
    )
    for n in range(4):
        c.person(
            c.w * (0.44 + n * 0.06),
            c.h * (0.84 + 0.03 * (n % 2)),
            92,
            rgb(COATS[n + 1]),
            "cone" if n % 2 else "",
        )
    for n in range(2):
        c.palm(c.w * (0.08 + n * 0.82), c.h * 0.95, c.h * 0.42, mix(rgb("2b5d3a"), c.near, 0.4))


@scene("flowers")
def flowers(c: Canvas) -> None:
    c.use_hour("dawn", "day", "mist")
    horizon = c.h * 0.38
    c.sky(horizon)
    c.layers(horizon - 20, horizon + 20, 3, c.h * 0.25)
    c.fade(horizon + 20, c.h, (rgb("a5bf7f"), rgb("5f8a48"), rgb("2f5a33")))
    sets = (("e86f8a", "f6b3c2"), ("e9b93a", "f6dd83"), ("c7584a", "f09a7a"), ("d8c7ee", "f7f2ff"))
    one, two = (rgb(code) for code in c.rng.choice(sets))
    for _ in range(620):
        t = c.rng.random() ** 0.55
        x, y, s = c.rng.uniform(0, c.w), horizon + 34 + t * (c.h - horizon - 20), 3 + 22 * t**2
        c.line([(x, y), (x, y + s * 2.2)], rgb("3c6b38"), 1 + 2 * t)
        tone = mix(one, two, c.rng.random())
        if t < 0.45:
            c.oval(x, y, s, s * 0.8, tone)
            continue
        for n in range(5):
            angle = n * 1.257 + x
            c.oval(
                x + math.cos(angle) * s * 0.55,
                y + math.sin(angle) * s * 0.42,
                s * 0.5,
                s * 0.42,
                mix(tone, WHITE, 0.1 * (n % 2)),
            )
        c.oval(x, y, s * 0.26, s * 0.22, rgb("f3c63f"))
    for n in range(3):
        c.person(c.w * (0.25 + n * 0.24), c.h * 0.6, 110, rgb(COATS[(n * 2) % 8]), "cone")
    c.veil(horizon - 20, horizon + 90, c.low, 0.5)


@scene("border-gate")
def border_gate(c: Canvas) -> None:
    c.use_hour("day", "dawn", "mist")
    horizon = c.h * 0.6
    c.sky(horizon)
    c.clouds(horizon, 4)
    c.layers(horizon - c.h * 0.16, horizon, 4, c.h * 0.32, 1.3)
    ground = mix(rgb("b9b2a4"), c.low, 0.2)
    c.fade(horizon + 20, c.h, (ground, mix(ground, c.near, 0.25)))
    x, stone = c.w / 2, mix(rgb("e3d5b8"), c.near, 0.08)
    for at in (-0.3, -0.12, 0.12, 0.3):
        c.rect(x + at * c.w - 27, horizon - c.h * 0.26, 54, c.h * 0.3, stone)
        c.rect(x + at * c.w - 27, horizon - c.h * 0.26, 16, c.h * 0.3, BLACK, 0.14)
    c.rect(x - c.w * 0.33, horizon - c.h * 0.3, c.w * 0.66, c.h * 0.06, mix(stone, c.near, 0.12))
    c.roof(x, horizon - c.h * 0.29, c.w * 0.38, c.h * 0.11, TILES)
    c.rect(x - c.w * 0.1, horizon - c.h * 0.46, c.w * 0.2, c.h * 0.08, stone)
    c.roof(x, horizon - c.h * 0.45, c.w * 0.16, c.h * 0.1, TILES)
    c.poly(
        [
            (x - c.w * 0.1, horizon + 20),
            (x + c.w * 0.1, horizon + 20),
            (x + c.w * 0.42, c.h),
            (x - c.w * 0.42, c.h),
        ],
        rgb("565a60"),
    )
    for n in range(5):
        y, s = horizon + 40 + n * n * c.h * 0.018, 4 + n * 3
        c.rect(x - s / 2, y, s, 10 + n * 12, rgb("f2ecd8"))
    for n, at in enumerate((-0.21, 0.21)):
        c.truck(x + at * c.w, horizon + c.h * 0.13, 170, rgb(("2f6d8c", "b5473c")[n]))
    c.line([(x - 180, horizon + 70), (x + 60, horizon + 52)], rgb("d8433a"), 9)
    for n in range(4):
        c.person(x + (n - 1.5) * 140, c.h * 0.9, 104, rgb("46603f"))


# --- town and work ----------------------------------------------------------------------------


@scene("city-night")
def city_night(c: Canvas) -> None:
    c.use_hour("night", "dusk")
    horizon = c.h * 0.64
    c.sky(horizon)
    for _ in range(120):
        x, y = c.rng.uniform(0, c.w), c.rng.uniform(0, horizon * 0.6)
        c.oval(x, y, 1.3, 1.3, WHITE, c.rng.uniform(0.2, 0.9))
    c.layers(horizon - 60, horizon - 30, 2, c.h * 0.14)
    c.veil(horizon - c.h * 0.25, horizon + 10, rgb("e08a5a"), 0.35)
    for row in range(3):
        x = -20.0
        while x < c.w:
            wide = c.rng.uniform(52, 120)
            high = c.h * c.rng.uniform(0.1, 0.44 - row * 0.11)
            wall = mix(mix(c.far, c.near, 0.35 + row * 0.3), rgb("34406b"), 0.25)
            c.block(x, horizon + 4, wide, high, wall, 0.38)
            x += wide + c.rng.uniform(2, 26)
    c.water(horizon, mix(c.near, rgb("1a2f55"), 0.5), 0.75)
    for _ in range(80):
        x, y = c.rng.uniform(0, c.w), horizon + c.rng.uniform(2, 60)
        lamp = rgb(c.rng.choice(("ffd98a", "ff9f68", "ffe9bd", "8fd0ff")))
        c.rect(x, y, 4, c.rng.uniform(20, 130), lamp, 0.28)
    for n in range(15):
        c.glow((n + 0.5) * c.w / 15, horizon - 3, 46, rgb("ffd08a"), 0.8)


@scene("bridge")
def bridge(c: Canvas) -> None:
    c.use_hour("dusk", "dawn", "night", "day")
    horizon = c.h * 0.6
    c.sky(horizon)
    c.clouds(horizon, 4)
    c.layers(horizon - 30, horizon + 10, 3, c.h * 0.16)
    c.water(horizon + 14)
    deck, steel = horizon - c.h * 0.05, mix(c.near, rgb("5b6470"), 0.35)
    for at in (0.3, 0.7):
        x, top = c.w * at, c.h * 0.13
        for n in range(1, 16):
            reach = n / 15 * c.w * 0.26
            for side in (-1, 1):
                c.line(
                    [(x, top + n * 9), (x + side * reach, deck)], mix(steel, c.light, 0.5), 2, 0.8
                )
        c.poly([(x - 26, c.h * 0.74), (x - 9, top), (x + 9, top), (x + 26, c.h * 0.74)], steel)
        c.rect(x - 44, c.h * 0.73, 88, 26, mix(steel, BLACK, 0.3))
    c.poly(
        [
            (0, deck + 6),
            (c.w / 2, deck - 12),
            (c.w, deck + 6),
            (c.w, deck + 30),
            (c.w / 2, deck + 12),
            (0, deck + 30),
        ],
        mix(steel, BLACK, 0.25),
    )
    for n in range(25):
        x = n * c.w / 24
        c.line([(x, deck - 2), (x, deck - 30)], steel, 2.5)
        if c.hour in {"dusk", "night"}:
            c.glow(x, deck - 30, 30, rgb("ffd98a"), 0.9)
    for _ in range(9):
        c.rect(c.rng.uniform(0, c.w), deck - 12, 30, 13, rgb(c.rng.choice(COATS)))
    c.boat(c.w * c.rng.uniform(0.42, 0.56), c.h * 0.86, 95, mix(rgb("33424f"), c.near, 0.3))


@scene("highway")
def highway(c: Canvas) -> None:
    c.use_hour("day", "dawn", "dusk")
    horizon = c.h * 0.44
    c.sky(horizon)
    c.clouds(horizon)
    c.layers(horizon - 30, horizon + 20, 4, c.h * 0.22)
    grass = mix(rgb("6f9a4a"), c.near, 0.25)
    c.fade(horizon + 20, c.h, (mix(grass, c.low, 0.3), grass, mix(grass, c.near, 0.4)))
    bend = c.w * c.rng.uniform(-0.16, 0.16)

    def road(offset: float, wide: float, t: float) -> Point:
        x = c.w / 2 + bend * (1 - t) ** 2 + offset * c.w * (0.02 + 0.98 * t**1.6)
        return x + wide, horizon + 22 + (c.h - horizon) * t

    steps = [i / 24 for i in range(25)]
    for left, right, colour in (
        (-0.5, -0.03, rgb("5c6067")),
        (0.03, 0.5, rgb("5c6067")),
        (-0.03, 0.03, rgb("4f7a3d")),
    ):
        edge = [road(left, 0, t) for t in steps] + [road(right, 0, t) for t in reversed(steps)]
        c.poly(edge, mix(colour, c.near, 0.15))
    for offset in (-0.49, -0.04, 0.04, 0.49):
        c.line([road(offset, 0, t) for t in steps], rgb("f4efdc"), 4)
    for offset in (-0.26, 0.26):
        for n in range(0, 24, 2):
            c.line([road(offset, 0, steps[n]), road(offset, 0, steps[n + 1])], rgb("f4efdc"), 5)
    for offset, t in ((-0.36, 0.32), (-0.16, 0.12), (0.15, 0.55), (0.37, 0.2), (0.36, 0.78)):
        x, y = road(offset, 0, t)
        s, paint = 14 + 125 * t**1.4, rgb(c.rng.choice(COATS))
        c.oval(x, y + s * 0.04, s * 0.62, s * 0.09, BLACK, 0.4)
        c.rect(x - s * 0.5, y - s * 0.42, s, s * 0.38, paint)
        c.poly(
            [
                (x - s * 0.42, y - s * 0.4),
                (x - s * 0.3, y - s * 0.72),
                (x + s * 0.3, y - s * 0.72),
                (x + s * 0.42, y - s * 0.4),
            ],
            mix(paint, BLACK, 0.15),
        )
        c.poly(
            [
                (x - s * 0.34, y - s * 0.42),
                (x - s * 0.26, y - s * 0.66),
                (x + s * 0.26, y - s * 0.66),
                (x + s * 0.34, y - s * 0.42),
            ],
            mix(c.low, c.near, 0.35),
        )
        for side in (-1, 1):
            c.rect(
                x + side * s * 0.38 - s * 0.09,
                y - s * 0.32,
                s * 0.18,
                s * 0.09,
                rgb("ff5a48") if offset > 0 else rgb("fff4cf"),
            )
            c.rect(x + side * s * 0.36 - s * 0.1, y - s * 0.06, s * 0.2, s * 0.1, BLACK)


@scene("market")
def market(c: Canvas) -> None:
    c.use_hour("day", "dawn", "noon")
    c.sky(c.h * 0.35)
    c.fade(c.h * 0.35, c.h, (rgb("cdbfa8"), rgb("a08d75"), rgb("6f5f4f")))
    x = -20.0
    while x < c.w:
        wide = c.rng.uniform(120, 190)
        c.block(
            x,
            c.h * 0.52,
            wide,
            c.h * c.rng.uniform(0.28, 0.44),
            mix(rgb(c.rng.choice(PLASTER)), c.far, 0.25),
            0.1,
        )
        x += wide + 3
    stripes = ("c6452f", "2f7f9c", "e0a93b", "4f8a55")
    goods = (("d9482f", "e8842e"), ("f0c33c", "e2a32e"), ("5d9a3e", "8fbf4d"), ("b0413e", "d97ba0"))
    for row in range(2):
        s, base = 1 + row * 0.5, c.h * (0.66 + row * 0.22)
        c.crowd(base - 12 * s, 118 * s, "cone", 9 - row * 2, COATS)
        x = c.rng.uniform(-160, -40)
        while x < c.w:
            wide = 235 * s
            if row == 0:
                cloth = rgb(c.rng.choice(stripes))
                for n in range(8):
                    colour = cloth if n % 2 else rgb("f6efe0")
                    c.poly(
                        [
                            (x + n * wide / 8 + 22, base - 205),
                            (x + (n + 1) * wide / 8 + 22 - n * 5, base - 205),
                            (x + (n + 1) * wide / 8, base - 150),
                            (x + n * wide / 8, base - 150),
                        ],
                        colour,
                    )
                    c.oval(x + (n + 0.5) * wide / 8, base - 150, wide / 16, 10, colour)
                for at in (5, wide - 8):
                    c.rect(x + at, base - 150, 6, 150, rgb("6b4b36"))
            c.poly(
                [
                    (x, base),
                    (x + 14, base - 44 * s),
                    (x + wide - 14, base - 44 * s),
                    (x + wide, base),
                ],
                rgb("7a5638"),
            )
            c.rect(x, base, wide, 48 * s, rgb("5d4029"))
            for basket in range(4):
                one, two = (rgb(code) for code in c.rng.choice(goods))
                at = x + (basket + 0.5) * wide / 4
                for _ in range(22):
                    c.oval(
                        at + c.rng.gauss(0, 12) * s,
                        base - 30 * s - abs(c.rng.gauss(0, 10)) * s,
                        7 * s,
                        7 * s,
                        mix(one, two, c.rng.random()),
                    )
                c.poly(
                    [
                        (at - 27 * s, base - 26 * s),
                        (at + 27 * s, base - 26 * s),
                        (at + 20 * s, base - 2),
                        (at - 20 * s, base - 2),
                    ],
                    rgb("b98d57"),
                )
            x += wide * 1.12


@scene("festival")
def festival(c: Canvas) -> None:
    c.use_hour("dusk", "day", "dawn")
    horizon = c.h * 0.6
    c.sky(horizon)
    c.layers(horizon - 60, horizon - 10, 2, c.h * 0.2)
    c.fade(horizon, c.h, (rgb("c9a986"), rgb("8f6d55")))
    x = c.w / 2
    c.rect(x - c.w * 0.2, horizon - c.h * 0.16, c.w * 0.4, c.h * 0.18, rgb("7a3328"))
    for n in range(6):
        c.rect(
            x - c.w * 0.19 + n * c.w * 0.073, horizon - c.h * 0.16, 16, c.h * 0.18, rgb("b5483a")
        )
    c.roof(x, horizon - c.h * 0.15, c.w * 0.27, c.h * 0.16, rgb("6c3a2c"))
    for side in (-1, 1):
        for n in range(5):
            foot = x + side * c.w * (0.22 + n * 0.065)
            high = c.h * (0.42 + 0.03 * (n % 2))
            c.line([(foot, c.h * 0.74), (foot, c.h * 0.74 - high)], rgb("5b4030"), 5)
            flag = ("c6302b", "e6a92f", "2f7f5c", "2f6db0", "e6e0cf")[n]
            wave = [
                (foot + 4 + i * 9, c.h * 0.74 - high + 8 + math.sin(i * 0.7 + n) * 7)
                for i in range(10)
            ]
            low = [(px, py + 78 - i * 3) for i, (px, py) in enumerate(wave)]
            c.poly([*wave, *reversed(low)], rgb(flag))
            c.poly(
                [(px + 14, py + 16) for px, py in wave[:6]]
                + [(px + 14, py + 44) for px, py in reversed(wave[:6])],
                rgb("f4d35e"),
            )
    for n in range(13):
        t = (n + 0.5) / 13
        y = c.h * 0.1 + math.sin(t * math.pi) * c.h * 0.1
        c.line([(t * c.w, y - 26), (t * c.w, y)], rgb("4a2d22"), 2)
        c.glow(t * c.w, y + 20, 70, rgb("ffb45a"), 0.7)
        c.oval(t * c.w, y + 20, 19, 24, rgb("d8362b"))
        c.rect(t * c.w - 8, y - 6, 16, 6, rgb("f0c04a"))
        c.rect(t * c.w - 2, y + 43, 4, 18, rgb("f0c04a"))
    dress = ("c6302b", "e6a92f", "d87a9a", "2f7f9c", "f0e6d2", "6f4a8a")
    for row in range(3):
        c.crowd(
            c.h * (0.8 + row * 0.1), 118 + row * 40, "cone" if row == 1 else "", 13 - row * 3, dress
        )


@scene("pagoda")
def pagoda(c: Canvas) -> None:
    c.use_hour("dusk", "dawn", "mist", "day")
    horizon = c.h * 0.7
    c.sky(horizon)
    c.clouds(horizon, 4)
    c.layers(horizon - c.h * 0.2, horizon - 30, 4, c.h * 0.25)
    x, wood = c.w * c.rng.uniform(0.44, 0.56), mix(rgb("8a3b2c"), c.near, 0.15)
    tiles, y = mix(rgb("6a4034"), c.near, 0.25), horizon
    c.rect(x - c.w * 0.25, y - 14, c.w * 0.5, 40, mix(rgb("b7aa96"), c.near, 0.2))
    for level in range(3):
        half, high = c.w * (0.17 - level * 0.04), c.h * (0.14 - level * 0.02)
        c.rect(x - half, y - high, half * 2, high, wood)
        for n in range(7):
            c.rect(x - half + n * half / 3 - 5, y - high, 11, high, mix(wood, c.light, 0.22))
        if level == 0:
            c.rect(x - half * 0.22, y - high * 0.75, half * 0.44, high * 0.75, rgb("ffce7a"), 0.85)
        c.roof(x, y - high + 8, half * 1.5, c.h * 0.085, tiles)
        y -= high + c.h * 0.06
    c.line([(x, y + 10), (x, y - 46)], mix(tiles, c.light, 0.3), 7)
    c.oval(x, y - 40, 9, 12, rgb("e0b04a"))
    for side in (-1, 1):
        for n in range(3):
            c.tree(
                x + side * c.w * (0.26 + n * 0.1),
                horizon + 14,
                c.h * c.rng.uniform(0.24, 0.36),
                mix(rgb("3c6e42"), c.near, 0.3),
            )
    c.water(horizon + 24, mix(c.middle, rgb("4a7a6a"), 0.4), 0.65)
    for _ in range(40):
        at, leaf = c.rng.uniform(0, c.w), c.h * c.rng.uniform(0.82, 0.99)
        s = 20 + 60 * (leaf / c.h - 0.8) * 4
        c.oval(at, leaf, s, s * 0.28, mix(rgb("4f8a55"), c.near, 0.2))
        if c.rng.random() < 0.35:
            for n in (-1, 0, 1):
                c.poly(
                    [
                        (at + n * s * 0.22 - s * 0.13, leaf - s * 0.1),
                        (at + n * s * 0.35, leaf - s * 0.62),
                        (at + n * s * 0.22 + s * 0.13, leaf - s * 0.1),
                    ],
                    rgb("e58aa6"),
                )


@scene("coal-mine")
def coal_mine(c: Canvas) -> None:
    c.use_hour("dusk", "dawn", "day")
    horizon = c.h * 0.34
    c.sky(horizon)
    c.layers(horizon - 20, horizon + 10, 2, c.h * 0.2)
    for n in range(8):
        t = n / 7
        y, edge = horizon + 20 + (c.h - horizon) * t**1.15, []
        for i in range(41):
            x = i / 40
            edge.append(
                (x * c.w, y + (x - 0.5) ** 2 * c.h * 0.35 * (1 - t * 0.5) + c.rng.uniform(-5, 5))
            )
        c.poly([*edge, (c.w, c.h), (0, c.h)], mix(mix(rgb("6d6670"), c.far, 0.4), rgb("1c1b21"), t))
        c.line(edge, mix(c.light, rgb("8d7f7a"), 0.5), 3 + 4 * t, 0.5)
        if n in {1, 3, 5}:
            for _ in range(4 - n // 2):
                c.truck(
                    c.rng.uniform(0.1, 0.9) * c.w,
                    y + c.h * 0.045 * (1 + t),
                    55 + 150 * t,
                    mix(rgb("e3a52c"), c.near, 0.15),
                )
    x, y = c.w * c.rng.uniform(0.2, 0.75), c.h * 0.86
    paint = rgb("e8952a")
    c.rect(x - 90, y - 24, 180, 40, BLACK)
    c.rect(x - 70, y - 96, 130, 76, paint)
    c.rect(x + 4, y - 84, 46, 40, mix(c.low, c.near, 0.3))
    c.line([(x + 40, y - 70), (x + 170, y - 190), (x + 270, y - 96)], paint, 20)
    c.poly(
        [(x + 244, y - 104), (x + 296, y - 110), (x + 300, y - 44), (x + 250, y - 34)],
        rgb("3a3d44"),
    )
    for n in range(3):
        c.person(x - 220 + n * 46, y + 24, 100, rgb("d9622b"), "helmet")
    c.veil(c.h * 0.4, c.h * 0.9, mix(c.low, rgb("b58e6a"), 0.4), 0.28)


@scene("factory")
def factory(c: Canvas) -> None:
    c.use_hour("dawn", "day")
    c.fade(0, c.h, (rgb("dfe6e6"), rgb("c3cdd0"), rgb("8d999e")))
    x, y = c.w / 2, c.h * 0.42
    c.poly([(0, c.h), (x - 180, y), (x + 180, y), (c.w, c.h)], rgb("b5bdb9"))
    for n in range(7):
        t = n / 6
        wide, level = 180 + t**1.5 * c.w * 0.5, y - t**1.4 * c.h * 0.42
        c.line([(x - wide, level), (x + wide, level)], rgb("7d8b92"), 5 + 9 * t)
        for at in (-0.55, 0, 0.55):
            c.glow(x + at * wide, level + 6, 26 + 70 * t, WHITE, 0.9)
            c.rect(x + at * wide - 12 - 40 * t, level, 24 + 80 * t, 5 + 5 * t, WHITE)
    for side in (-1, 1):
        for n in range(6):
            t = (n + 1) / 6
            at = x + side * (190 + t**1.6 * c.w * 0.42)
            c.rect(
                at - 5 - 8 * t,
                y - t * c.h * 0.4,
                10 + 16 * t,
                c.h * 0.2 + t * c.h * 0.6,
                rgb("6f8590"),
            )
    belt = rgb("3f5a6b")
    for side in (-1, 1):
        c.poly(
            [
                (x + side * 40, y + 14),
                (x + side * 74, y + 14),
                (x + side * c.w * 0.4, c.h),
                (x + side * c.w * 0.14, c.h),
            ],
            belt,
        )
        for n in range(9):
            t = ((n + 0.5) / 9) ** 1.5
            at = x + side * (57 + t * c.w * 0.22)
            s, level = 10 + 62 * t, y + 16 + t * (c.h - y)
            c.rect(at - s / 2, level - s * 0.7, s, s * 0.7, rgb(c.rng.choice(COATS)))
            c.rect(at - s / 2, level - s * 0.7, s, s * 0.18, WHITE, 0.35)
        for n in range(5):
            t = ((n + 0.6) / 5) ** 1.3
            c.person(
                x + side * (110 + t * c.w * 0.36),
                y + 50 + t * (c.h - y) * 0.8,
                60 + 180 * t,
                rgb(c.rng.choice(("2f6d8c", "3f7d8c", "e2ddd0"))),
                "helmet",
            )


@scene("school")
def school(c: Canvas) -> None:
    c.use_hour("day", "noon", "dawn")
    horizon = c.h * 0.64
    c.sky(horizon)
    c.clouds(horizon, 6)
    c.layers(horizon - c.h * 0.16, horizon - 40, 2, c.h * 0.2)
    wall, wide = mix(rgb("f2d98f"), c.near, 0.05), c.w * 0.76
    x, high = c.w * 0.12, c.h * 0.34
    c.rect(x, horizon - high, wide, high, wall)
    for floor in range(3):
        top = horizon - high + floor * high / 3
        c.rect(x, top + high / 3 - 14, wide, 14, mix(wall, WHITE, 0.6))
        for n in range(13):
            c.rect(x + 14 + n * wide / 13, top + 18, wide / 13 - 28, high / 3 - 48, rgb("4f7f93"))
            c.rect(x + n * wide / 13 - 4, top, 9, high / 3, mix(wall, BLACK, 0.14))
    c.poly(
        [
            (x - 26, horizon - high),
            (x + 34, horizon - high - 66),
            (x + wide - 34, horizon - high - 66),
            (x + wide + 26, horizon - high),
        ],
        TILES,
    )
    middle = c.w / 2
    c.rect(middle - 86, horizon - high - 40, 172, high + 40, mix(wall, WHITE, 0.35))
    c.poly(
        [
            (middle - 106, horizon - high - 38),
            (middle, horizon - high - 116),
            (middle + 106, horizon - high - 38),
        ],
        TILES,
    )
    c.oval(middle, horizon - high - 2, 30, 30, WHITE)
    c.line([(middle, horizon - high - 2), (middle, horizon - high - 22)], BLACK, 4)
    c.line([(middle, horizon - high - 2), (middle + 14, horizon - high + 6)], BLACK, 4)
    c.rect(middle - 40, horizon - 92, 80, 92, rgb("6b4b36"))
    c.fade(horizon, c.h, (rgb("d8c6a6"), rgb("bfa985"), rgb("94805f")))
    for n in range(2):
        c.tree(c.w * (0.07 + n * 0.86), horizon + 30, c.h * 0.5, rgb("3f7d46"))
        for _ in range(26):
            c.oval(
                c.w * (0.07 + n * 0.86) + c.rng.gauss(0, 80),
                horizon - c.h * 0.33 + c.rng.gauss(0, 50),
                8,
                8,
                rgb("d8402f"),
            )
    for row in range(3):
        for n in range(11):
            at, level = (n + 0.5 + 0.3 * (row % 2)) * c.w / 11.5, c.h * (0.75 + row * 0.1)
            size = 84 + row * 26
            c.person(at, level, size, rgb("f4f2ea"))
            c.poly(
                [
                    (at - size * 0.06, level - size * 0.79),
                    (at + size * 0.06, level - size * 0.79),
                    (at, level - size * 0.6),
                ],
                rgb("d0312d"),
            )


@scene("hospital")
def hospital(c: Canvas) -> None:
    c.use_hour("day", "dawn", "noon")
    horizon = c.h * 0.7
    c.sky(horizon)
    c.clouds(horizon, 6)
    c.layers(horizon - c.h * 0.16, horizon - 40, 2, c.h * 0.2)
    white = mix(rgb("eef3f3"), c.near, 0.06)
    for x, wide, high in ((0.06, 0.28, 0.36), (0.66, 0.28, 0.36), (0.32, 0.36, 0.54)):
        c.block(c.w * x, horizon, c.w * wide, c.h * high, white, 0.15)
        c.rect(c.w * x, horizon - c.h * high, c.w * wide, 16, rgb("3f9aa0"))
    middle = c.w / 2
    c.rect(middle - 62, horizon - c.h * 0.54 - 46, 124, 124, WHITE)
    c.rect(middle - 16, horizon - c.h * 0.54 - 32, 32, 96, rgb("2f9e78"))
    c.rect(middle - 48, horizon - c.h * 0.54, 96, 32, rgb("2f9e78"))
    c.rect(middle - 190, horizon - 118, 380, 22, rgb("3f9aa0"))
    for at in (-180, 168):
        c.rect(middle + at, horizon - 98, 13, 100, mix(white, BLACK, 0.2))
    c.rect(middle - 120, horizon - 92, 240, 92, rgb("6fa9b5"))
    c.rect(middle - 3, horizon - 92, 6, 92, white)
    c.fade(horizon, c.h, (rgb("c9cfca"), rgb("a4aca8"), rgb("7d8784")))
    for n in range(6):
        if abs(n - 2.5) > 1:
            c.tree(c.w * (0.06 + n * 0.176), horizon + 20, c.h * 0.2, rgb("4a8a55"))
    x, y = c.w * c.rng.uniform(0.62, 0.72), c.h * 0.87
    c.oval(x, y + 6, 190, 14, BLACK, 0.25)
    c.rect(x - 170, y - 130, 235, 118, WHITE)
    c.poly(
        [
            (x + 65, y - 130),
            (x + 120, y - 118),
            (x + 165, y - 66),
            (x + 172, y - 12),
            (x + 65, y - 12),
        ],
        WHITE,
    )
    c.poly(
        [(x + 78, y - 116), (x + 112, y - 106), (x + 142, y - 66), (x + 78, y - 66)], rgb("58808f")
    )
    c.rect(x - 170, y - 54, 340, 15, rgb("2f9e78"))
    c.rect(x - 75, y - 120, 17, 54, rgb("2f9e78"))
    c.rect(x - 94, y - 101, 55, 17, rgb("2f9e78"))
    c.rect(x + 12, y - 145, 40, 15, rgb("3d7fd0"))
    for at in (-100, 105):
        c.oval(x + at, y - 8, 30, 30, BLACK)
        c.oval(x + at, y - 8, 13, 13, rgb("aab2b5"))
    for n in range(4):
        c.person(
            c.w * (0.12 + n * 0.1),
            c.h * (0.86 + 0.03 * (n % 2)),
            150,
            rgb(("f4f6f6", "dff0ee", "5fa8a6", "f4f6f6")[n]),
        )


@scene("football")
def football(c: Canvas) -> None:
    c.use_hour("dusk", "day", "night")
    stand = c.h * 0.42
    c.sky(stand)
    c.rect(0, c.h * 0.17, c.w, stand - c.h * 0.1, mix(c.near, rgb("39465a"), 0.4))
    for row in range(15):
        y = c.h * 0.19 + row * c.h * 0.0155
        for n in range(95):
            x = (n + (row % 2) * 0.5) * c.w / 94 + c.rng.uniform(-3, 3)
            coat = rgb("c6302b") if c.rng.random() < 0.45 else rgb(c.rng.choice(COATS))
            c.oval(x, y + 8, 8, 9, mix(coat, c.near, 0.25))
            c.oval(x, y - 2, 4, 4.5, rgb("c99873"))
    c.poly([(0, c.h * 0.17), (c.w, c.h * 0.17), (c.w, c.h * 0.11), (0, c.h * 0.13)], c.near)
    for at in (0.12, 0.88):
        c.line([(c.w * at, c.h * 0.42), (c.w * at, c.h * 0.03)], c.near, 8)
        c.glow(c.w * at, c.h * 0.045, 190, WHITE, 0.8)
        c.rect(c.w * at - 52, c.h * 0.02, 104, 42, WHITE)
    for n in range(10):
        y = stand + (c.h - stand) * (n / 10) ** 1.3
        below = stand + (c.h - stand) * ((n + 1) / 10) ** 1.3
        c.rect(0, y, c.w, below - y + 1, mix(rgb("4f9a45" if n % 2 else "428a3c"), c.near, 0.12))
    c.line([(0, stand + 50), (c.w, stand + 50)], WHITE, 5, 0.85)
    c.line([(c.w * 0.5, stand + 50), (c.w * 0.42, c.h)], WHITE, 6, 0.85)
    box = [(c.w * 0.32) * _SCALE, c.h * 0.58 * _SCALE, c.w * 0.62 * _SCALE, c.h * 0.78 * _SCALE]
    c.pen.ellipse(box, outline=(*WHITE, 215), width=8)
    ball_x, ball_y = c.w * c.rng.uniform(0.42, 0.55), c.h * 0.84
    for n in range(9):
        x, t = c.w * (0.07 + n * 0.107), c.rng.uniform(0.1, 0.9)
        if n == 4:
            x, t = ball_x - 60, 0.78
        s, y = 105 + 130 * t, stand + 80 + t * c.h * 0.36
        c.oval(x, y, s * 0.22, s * 0.035, BLACK, 0.3)
        c.person(x, y, s, rgb("c6302b" if n % 2 else "e9eef2"))
    c.oval(ball_x + 3, ball_y + 16, 20, 5, BLACK, 0.35)
    c.oval(ball_x, ball_y, 17, 17, WHITE)
    for angle in (0.4, 2.5, 4.6):
        c.oval(ball_x + math.cos(angle) * 9, ball_y + math.sin(angle) * 9, 4.5, 4.5, BLACK)


@scene("library")
def library(c: Canvas) -> None:
    c.use_hour("dusk", "dawn")
    c.fade(0, c.h, (rgb("b98a5c"), rgb("d8b07c"), rgb("8a5f3f")))
    spines = ("8c3b32", "2f5d73", "c29a4a", "4b6b4a", "6b4a6e", "d8cbb0", "2d3a4e", "a7673f")
    shelf, wood = c.h * 0.155, rgb("5b3a26")
    for row in range(4):
        y = c.h * 0.03 + row * shelf
        c.rect(0, y, c.w, shelf, rgb("3d2719"))
        x = 0.0
        while x < c.w:
            wide, high = c.rng.uniform(12, 34), shelf * c.rng.uniform(0.62, 0.88)
            tone = mix(rgb(c.rng.choice(spines)), BLACK, c.rng.uniform(0, 0.3))
            if c.rng.random() > 0.05:
                c.rect(x, y + shelf - high, wide - 1.5, high, tone)
                c.rect(x + 2, y + shelf - high * 0.82, wide - 5.5, 5, rgb("e8d6a8"), 0.75)
            x += wide
        c.rect(0, y + shelf - 5, c.w, 13, wood)
    for n in range(5):
        c.rect(n * c.w / 4 - 13, 0, 26, c.h * 0.67, mix(wood, WHITE, 0.06))
    for at in (0.22, 0.5, 0.78):
        c.line([(c.w * at, 0), (c.w * at, c.h * 0.25)], BLACK, 4)
        c.glow(c.w * at, c.h * 0.33, 330, rgb("ffdf9e"), 0.7)
        c.poly(
            [
                (c.w * at - 64, c.h * 0.3),
                (c.w * at - 24, c.h * 0.245),
                (c.w * at + 24, c.h * 0.245),
                (c.w * at + 64, c.h * 0.3),
            ],
            rgb("2f6b5c"),
        )
    c.fade(c.h * 0.665, c.h, (rgb("a3714a"), rgb("6d4530")))
    for n in range(4):
        c.person(c.w * (0.16 + n * 0.23), c.h * 0.87, 250, rgb(c.rng.choice(COATS)))
    c.poly(
        [
            (c.w * 0.02, c.h * 0.78),
            (c.w * 0.98, c.h * 0.78),
            (c.w * 1.06, c.h * 0.9),
            (-c.w * 0.06, c.h * 0.9),
        ],
        rgb("c08a58"),
    )
    c.rect(-10, c.h * 0.9, c.w + 20, 30, rgb("7d5233"))
    for n in range(4):
        x, y = c.w * (0.16 + n * 0.23), c.h * 0.835
        c.poly([(x - 62, y + 14), (x - 50, y - 14), (x, y - 6), (x, y + 22)], rgb("fbf6e6"))
        c.poly([(x + 62, y + 14), (x + 50, y - 14), (x, y - 6), (x, y + 22)], rgb("efe6cd"))
    for n in range(3):
        x = c.w * (0.275 + n * 0.23)
        for book in range(3):
            c.rect(
                x - 40 + book * 5,
                c.h * 0.845 - book * 15,
                80 - book * 8,
                14,
                rgb(spines[(n + book * 2) % 8]),
            )


@scene("computer-lab")
def computer_lab(c: Canvas) -> None:
    c.use_hour("day", "dawn")
    c.fade(0, c.h * 0.56, (rgb("e9eef0"), rgb("d3dde0")))
    for n in range(3):
        x = c.w * (0.05 + n * 0.33)
        c.rect(x, c.h * 0.07, c.w * 0.25, c.h * 0.33, rgb("8fb7c4"))
        c.fade_box(x + 9, c.h * 0.07 + 9, c.w * 0.25 - 18, c.h * 0.33 - 18, (c.top, c.low))
        c.tree(x + c.w * 0.07, c.h * 0.4, c.h * 0.2, rgb("5f9a62"))
        c.tree(x + c.w * 0.19, c.h * 0.4, c.h * 0.15, rgb("78ab6c"))
        c.rect(x + c.w * 0.125 - 4, c.h * 0.07, 8, c.h * 0.33, rgb("f6f8f8"))
        c.rect(x - 8, c.h * 0.4, c.w * 0.25 + 16, 13, rgb("f6f8f8"))
    c.fade(c.h * 0.56, c.h, (rgb("b9c2c1"), rgb("8f9a9b")))
    screens = ("3f8fb0", "4a9d7c", "c9863f", "6b7fc0", "2f5d73")
    for row in range(3):
        s, y = 1 + row * 0.45, c.h * (0.6 + row * 0.16)
        count = 6 - row
        for n in range(count):
            x = (n + 0.5 + c.rng.uniform(-0.04, 0.04)) * c.w / count
            wide, high = 128 * s, 82 * s
            colour = rgb(c.rng.choice(screens))
            c.glow(x, y - high * 0.7, wide * 0.9, mix(colour, WHITE, 0.6), 0.5)
            c.rect(x - wide / 2, y - high - 16 * s, wide, high, rgb("20262c"))
            c.rect(x - wide / 2 + 6, y - high - 16 * s + 6, wide - 12, high - 12, colour)
            for bar in range(5):
                c.rect(
                    x - wide / 2 + 15 * s,
                    y - high + bar * 13 * s - 2 * s,
                    wide * c.rng.uniform(0.25, 0.72),
                    5 * s,
                    WHITE,
                    0.75,
                )
            c.rect(x - 5 * s, y - 16 * s, 10 * s, 16 * s, rgb("3a434b"))
        c.rect(0, y, c.w, 17 * s, rgb("d8b58a"))
        c.rect(0, y + 17 * s, c.w, 60 * s, rgb("9c7b57"))
        for n in range(count):
            x = (n + 0.5 + c.rng.uniform(-0.1, 0.1)) * c.w / count
            if c.rng.random() < 0.85:
                c.person(x, y + 112 * s, 150 * s, rgb(c.rng.choice((*COATS, "f4f2ea", "f4f2ea"))))


@scene("person")
def person(c: Canvas) -> None:
    """Nobody in particular, for the portrait of an invented author."""
    back = rgb(c.rng.choice(("cfd8d3", "d9d2c3", "c8d3de", "dccfca")))
    c.fade(0, c.h, (mix(back, WHITE, 0.3), back, mix(back, BLACK, 0.15)))
    x, head = c.w / 2, c.h * 0.17
    y = c.h * 0.42
    skin, hair = rgb(c.rng.choice(("d9a981", "c99770", "e0b48d"))), rgb("2a2320")
    coat = rgb(c.rng.choice(("2f4a5a", "6b3a3a", "3d5a45", "4a4660")))
    long_hair = c.rng.random() < 0.5
    if long_hair:
        c.oval(x, y + head * 0.45, head * 1.02, head * 1.5, hair)
    c.oval(x, c.h * 1.02, head * 2.3, c.h * 0.36, coat)
    c.poly(
        [
            (x - head * 0.42, y + head * 0.6),
            (x + head * 0.42, y + head * 0.6),
            (x + head * 0.6, c.h * 0.74),
            (x, c.h * 0.8),
            (x - head * 0.6, c.h * 0.74),
        ],
        mix(skin, BLACK, 0.12),
    )
    c.oval(x, y - head * 0.2, head * 0.9, head * 1.05, hair)
    c.oval(x, y + head * 0.12, head * 0.74, head * 0.98, skin)
    c.oval(x, y - head * 0.82, head * 0.78, head * 0.42, hair)
