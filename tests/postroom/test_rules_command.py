"""A company's rules and its receipts by command: what is set is printed, and what cannot be is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inbound.post import an_invoice
from tests.postroom.test_command import FIRST, a_folder_of_its_own, objects, run, told

__all__ = ["a_folder_of_its_own"]

ORDER = (
    an_invoice("PO-1", "")
    .decode()
    .replace("Invoice-2", "Order-2")
    .replace("<Invoice ", "<Order ")
    .replace("</Invoice>", "</Order>")
    .replace("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "")
    .replace("LegalMonetaryTotal", "AnticipatedMonetaryTotal")
    .replace("<cac:InvoiceLine>", "<cac:OrderLine><cac:LineItem>")
    .replace("</cac:InvoiceLine>", "</cac:LineItem></cac:OrderLine>")
    .replace("InvoicedQuantity", "Quantity")
)


@pytest.fixture(autouse=True)
def acme(a_folder_of_its_own: None, tmp_path: Path) -> None:
    """Acme and its supplier Ferrum, with an order."""
    assert run(*FIRST).exit_code == 0
    assert run("supplier", "invite", "Ferrum", "ana@ferrum.example").exit_code == 0
    (tmp_path / "order.xml").write_text(ORDER)
    assert run("order", "import", "order.xml", "--supplier", "Ferrum").exit_code == 0


def test_b9_tolerances_are_set_and_shown_for_the_company_and_for_a_supplier() -> None:
    """An empty value takes one back."""
    (kept,) = objects(run("company", "set", "tolerance.price_over=2% 5", "tolerance.tax=0.05", "--json"))
    assert (kept["tolerance.price_over"], kept["tolerance.tax"]) == ("2% 5", "0.05")
    assert "tolerance.price_over=2% 5" in run("company", "set").stdout
    assert objects(run("supplier", "set", "Ferrum", "tolerance.price_over=0", "--json")) == [
        {"tolerance.price_over": "0"}
    ]
    assert "Nothing is set" in run("supplier", "set", "Ferrum", "tolerance.price_over=").stdout


def test_b9_what_cannot_be_set_is_said() -> None:
    """A key that is none, a value that is none, and no value."""
    assert "no rule colour" in told(run("company", "set", "colour=red"))
    assert "much is no tolerance" in told(run("company", "set", "tolerance.tax=much"))
    assert "write KEY=VALUE" in told(run("company", "set", "receipts"))
    assert "only tolerances" in told(run("supplier", "set", "Ferrum", "receipts=on"))


def test_b29_receipts_are_recorded_by_command() -> None:
    """Line by line, or all that is still to come; where they are not kept it says how they are."""
    assert "receipts=on" in told(run("order", "receive", "PO-1", "1=5"))
    assert run("company", "set", "receipts=on").exit_code == 0
    assert objects(run("order", "receive", "PO-1", "1=5", "--on", "2026-11-20", "--json"))[0]["number"] == "PO-1"
    assert run("order", "receive", "PO-1", "--all").exit_code == 0
    assert "how much came" in told(run("order", "receive", "PO-1", "--all"))
    assert "write it as 1=5" in told(run("order", "receive", "PO-1", "five"))
    assert "no day" in told(run("order", "receive", "PO-1", "1=5", "--on", "tomorrow"))
    assert "no order PO-9" in told(run("order", "receive", "PO-9", "1=5"))
