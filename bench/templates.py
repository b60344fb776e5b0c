"""Reading further documents of a supplier's template beside its first one, and a scan beside bare text recognition."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from io import BytesIO
from random import Random
from statistics import median
from typing import Any, Final

import pypdfium2
import typst

from inbound.documents.document import read_document, read_source
from inbound.documents.format import Source
from inbound.documents.pictures import tesseract

TEMPLATES: Final = 24
DOCUMENTS: Final = 5
LINES: Final = 20
_SEED: Final = 7
_PAGE: Final = """
#set page(width: 210mm, height: 297mm, margin: {margin}mm)
#set text(size: 10pt)
{seller} GmbH · {street} 3 · 20457 {town}
#text(size: 18pt)[Rechnung Nr. R-{number} vom {day}.03.2026]

Ihre Bestellung: PO-2026-{number} #h(2cm) Lieferdatum: {day}.03.2026

#table(columns: (12mm, 60mm, 25mm, 30mm, 30mm), stroke: none, align: (left, left, right, right, right),
  [Pos], [Bezeichnung], [Menge], [Einzelpreis], [Gesamt],
  {lines})
#grid(columns: (80mm, 30mm), row-gutter: 2mm, align: right,
  [Nettobetrag], [{net} €], [zzgl. 19 % USt.], [{tax} €], [Rechnungsbetrag], [{gross} €])

USt-IdNr.: DE136695976 #h(1cm) IBAN DE02 1203 0000 0000 2020 51
"""


def second_of_template() -> Mapping[str, float]:
    """The further documents of templates beside the first of each, which nothing was known of: medians of many."""
    templates = list(_templates())
    first, further, bare = [], [], []
    _read(templates.pop())
    for documents in templates:
        first.append(_time_of(lambda documents=documents: _read(documents[:1])))
        further += [_time_of(lambda one=one: _read([one])) for one in documents[1:]]
        bare += [_time_of(lambda one=one: _bare_text(one[0])) for one in documents[1:]]
    one, more = median(first), median(further)
    return {"ratio": more / one, "first_ms": 1000 * one, "second_ms": 1000 * more, "bare_ms": 1000 * median(bare)}


def scan() -> Mapping[str, float]:
    """A scanned page read as an invoice, beside one run of tesseract on the same page; work of its process counted."""
    content, gross = next(iter(_templates()))[0]
    page = _library().PdfDocument(content)[0].render(scale=300 / 72, grayscale=True).to_pil().convert("L")
    target = BytesIO()
    page.save(target, "PDF", resolution=300)
    picture = b"P5 %d %d 255\n" % page.size + page.tobytes()
    reading = read_source(Source(target.getvalue(), languages=("deu", "eng")))
    assert reading is not None
    assert reading.gross == gross
    bare = _work_of(lambda: _recognised(picture))
    ours = _work_of(lambda: read_source(Source(target.getvalue(), languages=("deu", "eng"))))
    return {"ratio": ours / bare, "bare_ms": 1000 * bare, "read_ms": 1000 * ours}


Document = tuple[bytes, Decimal]
"""A PDF and its total."""


def _templates() -> Sequence[Sequence[Document]]:
    """Documents by template: seller, items and margins are the template's, numbers, days and amounts the document's."""
    draw = Random(_SEED)
    return [_documents(draw, margin) for margin in range(15, 15 + TEMPLATES)]


def _documents(draw: Random, margin: int) -> Sequence[Document]:
    seller, street, town = (_word(draw) for _ in range(3))
    items = [f"{_word(draw)} {_word(draw)}" for _ in range(LINES)]
    made = []
    for _ in range(DOCUMENTS):
        bought = [(draw.choice(items), draw.randint(2, 40), draw.randint(100, 9_000)) for _ in range(LINES)]
        net = Decimal(sum(quantity * cents for _, quantity, cents in bought)) / 100
        tax = (net * 19 / 100).quantize(Decimal("0.01"))
        lines = ", ".join(
            f"[{n}], [{text} {n}], [{quantity} Stk], [{_written(Decimal(cents) / 100)} €],"
            f" [{_written(Decimal(quantity * cents) / 100)} €]"
            for n, (text, quantity, cents) in enumerate(bought, 1)
        )
        page = _PAGE.format(
            margin=margin / 1.5, seller=seller, street=f"{street}weg", town=town, number=draw.randint(1000, 9999),
            day=f"{draw.randint(1, 28):02}", lines=lines, net=_written(net), tax=_written(tax),
            gross=_written(net + tax),
        )  # fmt: skip
        made.append((typst.compile(page.encode()), net + tax))
    return made


def _word(draw: Random) -> str:
    return "".join(draw.choice("abcdefghiklmnoprstuvw") for _ in range(draw.randint(4, 9))).capitalize()


def _written(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def _read(documents: Sequence[Document]) -> None:
    for content, gross in documents:
        reading = read_document(content, engine="text")
        assert reading is not None
        assert (reading.gross, len(reading.lines)) == (gross, LINES)


def _bare_text(content: bytes) -> None:
    page = _library().PdfDocument(content)[0]
    page.get_textpage().get_text_range()


@cache
def _library() -> Any:
    return pypdfium2


def _recognised(picture: bytes) -> None:
    program = tesseract.program()
    assert program is not None
    command = [program, "stdin", "stdout", "-l", "deu", "--psm", "6", "--dpi", "300", "tsv"]
    subprocess.run(command, input=picture, capture_output=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})


def _time_of(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _work_of(work: Callable[[], object], rounds: int = 3) -> float:
    """The least processor time of a work with the processes that it starts, in seconds."""
    return min(_with_children(work) for _ in range(rounds))


def _with_children(work: Callable[[], object]) -> float:
    before = _spent()
    work()
    return _spent() - before


def _spent() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
