"""A clean PDF as it comes from a scanner or a telephone: rendered, turned, tilted, noisy, squeezed to JPEG."""

from __future__ import annotations

import io
import random

import pypdfium2
from PIL import Image, ImageChops, ImageEnhance, ImageFilter


def degrade(pdf: bytes, rng: random.Random) -> tuple[str, bytes]:
    """The ending and the content of a picture of the document, or of a PDF that holds pictures only."""
    document = pypdfium2.PdfDocument(pdf)
    turn = rng.choice((0, 0, 0, 0, 90, 180, 270))
    pages = [_page(page.render(scale=150 / 72).to_pil(), rng, turn) for page in document]
    quality = rng.randrange(55, 85)
    form = rng.choice(("pdf", "pdf", "jpg", "png")) if len(pages) == 1 else "pdf"
    out = io.BytesIO()
    if form == "pdf":
        squeezed = [_jpeg(page, quality) for page in pages]
        squeezed[0].save(out, "PDF", resolution=150, save_all=True, append_images=squeezed[1:])
    elif form == "jpg":
        pages[0].save(out, "JPEG", quality=quality, dpi=(150, 150))
    else:
        _jpeg(pages[0], quality).save(out, "PNG", dpi=(150, 150))
    return form, out.getvalue()


def _page(image: Image.Image, rng: random.Random, turn: int) -> Image.Image:
    page = image.convert("L")
    page = page.rotate(rng.uniform(-3, 3), Image.Resampling.BICUBIC, expand=False, fillcolor=250)
    page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.1, 0.7)))
    page = ImageEnhance.Contrast(page).enhance(rng.uniform(0.7, 1.0))
    noise = _noise(page.size, rng, rng.uniform(6, 22))
    page = ImageChops.add(page, noise, 1.0, -128)
    return page.rotate(turn, expand=True) if turn else page


def _noise(size: tuple[int, int], rng: random.Random, strength: float) -> Image.Image:
    """Grain around middle grey, the same for the same seed."""
    tile = Image.frombytes("L", (256, 256), bytes(_grey(rng, strength) for _ in range(65536)))
    whole = Image.new("L", size)
    for x in range(0, size[0], 256):
        for y in range(0, size[1], 256):
            whole.paste(tile, (x, y))
    return whole


def _grey(rng: random.Random, strength: float) -> int:
    return max(0, min(255, round(128 + rng.gauss(0, strength))))


def _jpeg(page: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue()))
