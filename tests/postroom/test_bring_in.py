"""Orders and requests brought in from sheets: listed first, sent whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.postroom.test_command import FIRST, a_folder_of_its_own, objects, run, told  # noqa: F401 - a fixture
from tests.sheets import a_csv, an_ods, an_xlsx

ORDER = [
    ["Bestellung", 471102],
    ["Lieferant", "Bolts Ltd"],
    ["Bestelldatum", date(2026, 11, 20)],
    ["Währung", "EUR"],
    [],
    ["Pos", "Artikel-Nr.", "Bezeichnung", "Menge", "ME", "Preis", "Liefertermin"],
    [10, "B-8", "Schrauben M8", 500, "Stk", 0.12, date(2026, 12, 4)],
    [20, 4711, "Scheiben", 2.5, "kg", 8, date(2026, 12, 4)],
]
ITEMS = [["Item no.", "Description", "Qty", "Unit"], ["B-8", "Steel bolts M8", 500, "pcs"], ["", "Washers", 2.5, "kg"]]


@pytest.fixture
def bolts(tmp_path: Path) -> Path:
    """A company with one supplier, and the folder for its files."""
    run(*FIRST)
    assert run("supplier", "invite", "Bolts Ltd", "ana@bolts.example").exit_code == 0
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content"), [("o.xlsx", an_xlsx(ORDER)), ("o.ods", an_ods(ORDER)), ("o.csv", a_csv(ORDER))]
)
def test_b25_a_buyer_lists_and_sends_the_order_in_a_sheet(bolts: Path, name: str, content: bytes) -> None:
    """A dry run says all that would be sent and sends nothing; the number is 471102 and not 471102.0."""
    (bolts / name).write_bytes(content)
    words = ("order", "import", name, "--supplier", "Bolts Ltd")
    (listed,) = objects(run(*words, "--dry-run", "--json"))
    assert (listed["number"], listed["suppliers"], listed["sent"]) == ("471102", ["Bolts Ltd"], False)
    assert [line["n"] for line in listed["lines"]] == [10, 20]
    first, second = listed["lines"]
    assert (first["buyer_sku"], first["quantity"], first["unit_price"]) == ("B-8", "500", "0.12")
    assert (second["buyer_sku"], second["quantity"], second["delivery_date"]) == ("4711", "2.5", "2026-12-04")
    assert objects(run("status", "--json"))[0]["documents"].get("order") is None
    (sent,) = objects(run(*words, "--json"))
    assert (sent["number"], sent["status"]) == ("471102", "sent")


@pytest.mark.parametrize(
    ("name", "content"),
    [("i.xlsx", an_xlsx(ITEMS)), ("i.ods", an_ods(ITEMS)), ("i.csv", a_csv(ITEMS, "\t", "utf-16"))],
)
def test_b25_a_buyer_asks_for_the_items_in_a_sheet(bolts: Path, name: str, content: bytes) -> None:
    """The listing for a person names each item; without the option it is sent."""
    (bolts / name).write_bytes(content)
    words = ("rfp", "import", name, "--number", "R-1", "--supplier", "Bolts Ltd")
    listed = run(*words, "--dry-run").stdout
    assert "  1. [B-8] Steel bolts M8: 500 pcs" in listed
    assert "  2. Washers: 2.5 kg" in listed
    assert "nothing was sent" in listed
    (sent,) = objects(run(*words, "--json"))
    assert sent["status"] == "open"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*ORDER[5:], [30, "B-9", "Muttern", "nach Absprache", "Stk", "", ""]], "left out: 4"),
        (ORDER[5:], "no order number"),
        ([["Bestellung", 471102], [], ["Bezeichnung", "Menge"], ["Schrauben", "1.234"]], "quantity cannot be read"),
        ([["nothing", "to"], ["see", "here"]], "no order|no document"),
    ],
)
def test_b25_an_order_that_cannot_be_read_whole_is_not_sent(bolts: Path, rows: list[list[object]], words: str) -> None:
    """A line that would be left out, a figure with two meanings, a missing number: each is said."""
    import re

    (bolts / "o.xlsx").write_bytes(an_xlsx(rows))
    assert re.search(words, told(run("order", "import", "o.xlsx", "--supplier", "Bolts Ltd")))
