"""What XML says is read as its standards write it."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from inbound.documents.tree import date_at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026-03-05+01:00", date(2026, 3, 5)),
        ("2026-03-05Z", date(2026, 3, 5)),
        ("2026-03-05T10:00:00", date(2026, 3, 5)),
        ("2026-03-05T10:00:00.123+01:00", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        ("202603051030", date(2026, 3, 5)),
        ("20260305103000", date(2026, 3, 5)),
        ("19970107", date(1997, 1, 7)),
        ("20260230", None),
        ("2026-13-01", None),
        ("20260", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_dates_of_e_invoices_are_read_in_every_form_that_their_standards_allow(
    text: str, expected: date | None
) -> None:
    """ISO 8601 with a time and a zone or without; the formats 102, 203 and 204 of UNTDID 2379."""
    root = etree.Element("a")
    etree.SubElement(root, "day").text = text
    assert date_at(root, "day") == expected
