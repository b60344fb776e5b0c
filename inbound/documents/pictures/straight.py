"""A page turned upright and straight: where its lines lie is told by how light and dark alternate along them."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PIL import Image, ImageOps

LOOKED_AT: Final = 700
"""Pixels of the longer side of the small picture that is looked at."""

WIDEST: Final = 5.0
"""Degrees that a page may lie askew."""


def straightened(page: Image.Image) -> Image.Image:
    """The page with its lines level; it may still stand on its head."""
    page = ImageOps.autocontrast(page, cutoff=1)
    small = _small(page)
    level, angle = _best_angle(small)
    lying, lying_angle = _best_angle(small.transpose(Image.Transpose.ROTATE_90))
    if lying > 1.15 * level:
        page, angle = page.transpose(Image.Transpose.ROTATE_90), lying_angle
    if abs(angle) < 0.1:
        return page
    return page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def on_its_head(page: Image.Image) -> Image.Image:
    """The page turned by half a turn."""
    return page.transpose(Image.Transpose.ROTATE_180)


def _small(page: Image.Image) -> Image.Image:
    """Dark on light becomes light on black, so that turning adds black corners that say nothing."""
    scale = LOOKED_AT / max(page.size)
    small = page.resize((max(1, round(page.width * scale)), max(1, round(page.height * scale))), Image.Resampling.BOX)
    small = ImageOps.invert(small).point(lambda value: value if value > 60 else 0)
    edge = max(4, LOOKED_AT // 40)  # the edges of scans are dark
    if min(small.size) > 4 * edge:
        small = ImageOps.expand(ImageOps.crop(small, edge), edge, 0)
    return small


def _best_angle(small: Image.Image) -> tuple[float, float]:
    """How clearly rows stand apart at the best angle, and the angle in degrees."""
    coarse = max((_clearness(small, step / 2), step / 2) for step in range(int(-2 * WIDEST), int(2 * WIDEST) + 1))
    return max((_clearness(small, coarse[1] + step / 10), coarse[1] + step / 10) for step in range(-4, 5))


def _clearness(small: Image.Image, angle: float) -> float:
    turned = small.rotate(angle, Image.Resampling.BILINEAR) if angle else small
    rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
    return float(sum((one - other) ** 2 for one, other in pairwise(rows)))
