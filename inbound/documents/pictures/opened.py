"""The pages of a picture file or of a PDF as grey pictures of a bounded size, opened by Pillow and pdfium."""

from __future__ import annotations

import io
import signal
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any, Final

from PIL import Image, ImageOps, ImageSequence

from inbound.documents.format import DocumentUnreadable
from inbound.documents.pdf_text import opened
from inbound.documents.pictures.marks import anything_on

MOST_PIXELS: Final = 60_000_000
"""A telephone's largest photographs have 50 million; beyond, a picture is made to fill memory."""

PIXELS_WANTED: Final = 8_700_000
"""An A4 page at 300 dpi: what a page is brought to."""

MOST_PAGES: Final = 6
"""Pages of one document that are read: its first and its last ones, for the sums stand at the end."""

DRAWING: Final = 8.0
"""Seconds of work in which all pages of a PDF are drawn."""

_FORMATS: Final = ("PNG", "JPEG", "TIFF", "HEIF")


def chosen(pages: int) -> Sequence[int]:
    """The pages that are read of so many, counted from 0."""
    if pages <= MOST_PAGES:
        return range(pages)
    return (*range(MOST_PAGES // 2), *range(pages - MOST_PAGES // 2, pages))


def pages_of_picture(content: bytes) -> Iterator[tuple[int, Image.Image]]:
    """The pages of a PNG, JPEG, TIFF or HEIC with their numbers from 1; raises `DocumentUnreadable`."""
    heic = content[4:8] == b"ftyp"
    if heic and not _heic_known():
        raise DocumentUnreadable("no_reader", "A HEIC picture cannot be read here; please send it as JPEG or PDF.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            count = int(getattr(picture, "n_frames", 1))
            wanted = set(chosen(count))
            for number, frame in enumerate(ImageSequence.Iterator(picture)):
                if number not in wanted:
                    continue
                if frame.width * frame.height > MOST_PIXELS:
                    raise DocumentUnreadable("too_large", "The picture has more pixels than can be read.")
                yield number + 1, _grey(ImageOps.exif_transpose(frame))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DocumentUnreadable("unreadable", "The picture is damaged.") from error


def pages_of_pdf(content: bytes, recognising: float = 0.0) -> Iterator[tuple[int, Image.Image]]:
    """The pages of a PDF on which anything stands, all drawn at the first asking, with their numbers from 1.

    `recognising` is what work is left once they are opened (`Source.recognising`). Raises `DocumentUnreadable`, also
    for pages that are made to be drawn for ever.
    """
    with opened(content) as document, ExitStack() as stack:
        shown = []
        for index in chosen(len(document)):
            page = document[index]
            stack.callback(page.close)
            if anything_on(page):
                shown.append((index + 1, page))
        with _limited(recognising):
            pages = [(number, _drawn(page)) for number, page in shown]
    yield from pages


def _drawn(page: Any) -> Image.Image:
    width, height = page.get_size()
    scale = min(300 / 72, (PIXELS_WANTED / max(width * height, 1.0)) ** 0.5)
    picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    return picture


@contextmanager
def _limited(recognising: float) -> Iterator[None]:
    """Within a process whose work is limited, drawing gets a part of it: recognition is another process's work."""
    left, _ = signal.getitimer(signal.ITIMER_PROF)
    whole = recognising if left and recognising else left
    if not whole:
        yield
        return
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, min(DRAWING, whole))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, max(whole - (time.process_time() - began), 0.01))


def _grey(picture: Image.Image) -> Image.Image:
    """A picture in greys on white, of about the size in which letters are read best."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    grey = picture.convert("L")
    scale = (PIXELS_WANTED / (grey.width * grey.height)) ** 0.5
    if scale < 0.95 or scale > 1.2:
        scale = min(scale, 2.5)
        size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
        grey = grey.resize(size, Image.Resampling.BICUBIC)
    return grey


def _heic_known() -> bool:
    """Whether Pillow can be taught HEIC by a package that is there."""
    try:
        import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return False
    return True
