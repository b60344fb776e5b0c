"""The days of a document, and the order in which they are written."""

from __future__ import annotations

from datetime import date

import pytest

from inbound.documents.visible.days import dates_of, order_of_days
from inbound.documents.visible.kind import title_of
from tests.inbound.documents.visible.rows import a_page


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ("VAT Reg. No. 340 1178 21", "dmy"),
        ("Total £ 20.00", "dmy"),
        ("ABN 51 824 753 556", "dmy"),
        ("Scranton, PA 18503", "mdy"),
        ("Sales tax 6 %", "mdy"),
        ("Sales tax 6 %, VAT number", None),
        ("Toronto, GST, QST and VAT", None),
        ("DE 20457 Hamburg", None),
    ],
)
def test_the_country_tells_the_order_of_days(place: str, order: str | None) -> None:
    """What only one part of the world prints settles what no date of an English page does."""
    rows = a_page(f"Invoice\nDate: 11/5/2024\n{place}")
    assert order_of_days(rows, title_of(rows), "") == order


def test_a_label_in_two_languages_is_one_label() -> None:
    """`Datum/Date` says one date."""
    rows = a_page("Factuur / Facture\nDatum/Date: 05/11/2024")
    assert dates_of(rows, "dmy", title_of(rows)).read["issue_date"].value == date(2024, 11, 5)


def test_the_only_stamp_of_a_receipt_is_its_date() -> None:
    """A till prints day and hour without a label; of two days neither is the document's surely."""
    rows = [*a_page("Rechnung Nr. 7\nFarbe  39,95\n" + "Zeile\n" * 15 + "05.11.2024 16:42 Kasse 3")]
    assert dates_of(rows, "dmy", title_of(rows)).read["issue_date"].value == date(2024, 11, 5)
    rows = [*a_page("Rechnung Nr. 7\nFarbe  39,95\n" + "Zeile\n" * 15 + "05.11.2024 16:42 Kasse 3\nab 06.11.2024")]
    assert "issue_date" not in dates_of(rows, "dmy", title_of(rows)).read
