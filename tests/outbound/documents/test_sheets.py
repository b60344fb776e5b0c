"""The sheets that we send: checked as they are written, and opened, calculated and saved by LibreOffice."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from inbound.documents.document import read_document
from outbound.documents.order import invoice_xlsx, order_xlsx
from outbound.documents.request import request_xlsx
from outbound.documents.sheet_cells import day_format
from tests.notices import ORDER, REQUEST, some_facts
from tests.services import TEST_ALL
from workflows.reading import DocumentFormat

DOCUMENT = {**ORDER, "public_id": "k7m3x2"}
SHEETS = {
    "order": order_xlsx(some_facts(document=DOCUMENT), "en"),
    "invoice": invoice_xlsx(some_facts(document=DOCUMENT), "en"),
    "request": request_xlsx(some_facts(document={**REQUEST, "public_id": "p1"}), "en"),
}


needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None and not TEST_ALL, reason="LibreOffice is not installed (libreoffice-calc-nogui)"
)


def page_of(xlsx: bytes) -> str:
    """The XML of its only sheet."""
    with ZipFile(BytesIO(xlsx)) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("name", SHEETS)
def test_b5_a_sheet_is_protected_and_checks_what_is_filled_in(name: str) -> None:
    """Keys are hidden and locked, figures and days are checked, what may be chosen is a list."""
    page = page_of(SHEETS[name])
    assert "<sheetProtection" in page
    assert 'hidden="1"' in page
    kinds = set(re.findall(r'<dataValidation type="(\w+)"', page))
    assert kinds == {"order": {"list", "decimal", "date"}, "invoice": {"decimal", "date"}}.get(
        name, {"list", "decimal", "date"}
    )


def test_b5_the_totals_are_formulas_that_hold_their_results() -> None:
    """They show before anything is calculated, in a preview or on a telephone."""
    page = page_of(SHEETS["invoice"])
    formulas = re.findall(r"<f>([^<]*)</f><v>([^<]*)</v>", page)
    assert [float(value) for formula, value in formulas if "SUM" in formula] == [695, 90]
    assert [float(value) for formula, value in formulas if formula.startswith("IF")] == [450, 245]
    assert "<v></v>" not in page


@pytest.mark.parametrize(
    ("language", "shown"), [("de", "dd.mm.yyyy"), ("en", "m/d/yyyy"), ("en_GB", "dd/mm/yyyy"), ("pl", "d.mm.yyyy")]
)
def test_b5_days_are_shown_in_the_readers_order(language: str, shown: str) -> None:
    """With the whole year, so that nobody confuses it."""
    assert day_format(language) == shown


def test_b5_a_text_of_others_stays_text_even_when_its_cell_is_edited() -> None:
    """The prefix that spreadsheets keep with a text, beside writing it as one."""
    evil = {**DOCUMENT, "lines": [{"n": 1, "text": "=cmd|'/c calc'!A1", "quantity": "1"}]}
    xlsx = order_xlsx(some_facts(document=evil), "en")
    assert "<f>" not in page_of(xlsx)
    with ZipFile(BytesIO(xlsx)) as parts:
        assert b'quotePrefix="1"' in parts.read("xl/styles.xml")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LibreOffice, with a profile of its own."""
    return tmp_path_factory.mktemp("office")


def saved(office: Path, content: bytes, ending: str, form: str) -> bytes:
    """The sheet as LibreOffice saves it; fails if it says anything but that it did."""
    source = office / "sheet.xlsx"
    source.write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{office}/profile", "--headless", "--convert-to", form]
    command += ["--outdir", str(office / "out"), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=True)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "javaldx" not in line]  # it has no Java
    assert not [line for line in said if re.search(r"(?i)warn|error|repair|corrupt", line)]
    return (office / "out" / f"{source.stem}.{ending}").read_bytes()


@needs_office
@pytest.mark.parametrize(
    ("ending", "form", "format_"),
    [
        ("ods", "ods", DocumentFormat.ODS),
        ("xlsx", "xlsx", DocumentFormat.XLSX),
        ("csv", "csv", DocumentFormat.CSV),
        ("csv", "csv:Text - txt - csv (StarCalc):59,34,ANSI,1", DocumentFormat.CSV),
    ],
)
def test_b5_libreoffice_opens_a_sheet_and_what_it_saves_is_read(
    office: Path, ending: str, form: str, format_: DocumentFormat
) -> None:
    """Without a warning, and with every answer in its place."""
    sheet = SHEETS["order"]
    reading = read_document(saved(office, sheet, ending, form), "x")
    assert reading is not None
    assert reading.format is format_
    assert reading.form is not None
    printed = {(a.n, a.key): a.value for a in reading.form.answers}
    assert Decimal(printed[1, "=unit_price"] or 0) == Decimal("4.5")
    assert printed[2, "=quantity"] == "2000"
    assert reading.form.document == "k7m3x2"


@needs_office
@pytest.mark.parametrize("kept", [True, False])
def test_b5_libreoffice_calculates_the_results_that_we_wrote(office: Path, kept: bool) -> None:
    """With our results in the file, and without them, when it has to calculate itself."""
    target = BytesIO()
    with ZipFile(BytesIO(SHEETS["invoice"])) as source, ZipFile(target, "w") as package:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename.endswith("sheet1.xml") and not kept:
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f>", part)
            package.writestr(entry.filename, part)
    rows = list(csv.reader(StringIO(saved(office, target.getvalue(), "csv", "csv").decode())))
    shown = {row[1]: row[2] for row in rows if len(row) > 2}
    assert (shown["Net"], shown["Tax"], shown["Total"]) == ("695", "90", "785")
