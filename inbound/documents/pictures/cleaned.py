"""A straight page made easy to recognise: grain smoothed, paper made white, ruled lines taken out."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageChops, ImageFilter

LONG: Final = (110, 60)
"""Pixels to each side over which a rule goes on, level and upright: words are as long as half a centimetre, at 300 dpi,
and their letters not as tall."""

APART: Final = 7
"""Pixels above and below a rule where there is none any more; letters are taller than that."""

_IS_DARK: Final = [255 if value < 205 else 0 for value in range(256)]
_IS_WHOLE: Final = [255 if value > 232 else 0 for value in range(256)]
_IS_HARDLY_DARK: Final = [255 if value < 140 else 0 for value in range(256)]
_IS_ANY: Final = [255 if value > 0 else 0 for value in range(256)]


def cleaned(page: Image.Image) -> Image.Image:
    """The page with dark letters on white and nothing else."""
    page = page.filter(ImageFilter.GaussianBlur(1.2))
    black, white = _ink_and_paper(page)
    page = page.point([_stretched(value, black, white) for value in range(256)])
    page.paste(255, mask=_rules(page, upright=False))
    page.paste(255, mask=_rules(page, upright=True))
    return page


def _ink_and_paper(page: Image.Image) -> tuple[int, int]:
    """The greys below which all is ink and above which all is paper, from Otsu's threshold between the two."""
    counts = page.histogram()
    total, whole = sum(counts), sum(value * count for value, count in enumerate(counts))
    best, threshold, dark, dark_sum = -1.0, 128, 0, 0
    for value, count in enumerate(counts):
        dark, dark_sum = dark + count, dark_sum + value * count
        light = total - dark
        if dark and light:
            between = dark * light * (dark_sum / dark - (whole - dark_sum) / light) ** 2
            if between > best:
                best, threshold = between, value
    return threshold // 2, min(255, threshold + (255 - threshold) // 4)


def _stretched(value: int, black: int, white: int) -> int:
    return 0 if value <= black else 255 if value >= white else (value - black) * 255 // (white - black)


def _rules(page: Image.Image, *, upright: bool) -> Image.Image:
    """Where thin long lines run: dark without a gap along their length, and not dark a little beside them."""
    along, across = ((0, LONG[1]), (1, 0)) if upright else ((LONG[0], 0), (0, 1))
    dark = page.point(_IS_DARK).filter(ImageFilter.BoxBlur(1)).point(_IS_ANY)
    mean = dark.filter(ImageFilter.BoxBlur(along))
    near = [ImageChops.offset(mean, across[0] * step, across[1] * step) for step in (-APART, APART)]
    beside = ImageChops.lighter(*near).point(_IS_HARDLY_DARK)
    thin = ImageChops.multiply(mean.point(_IS_WHOLE), beside)
    # the window falls off towards a rule's end, so what goes on in its direction belongs to it
    whole = ImageChops.multiply(thin.filter(ImageFilter.BoxBlur(along)).point(_IS_ANY), dark)
    return ImageChops.lighter(thin, whole).filter(ImageFilter.BoxBlur(1)).point(_IS_ANY)
