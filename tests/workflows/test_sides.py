"""What is kept of the sides of a document, and shown of them."""

from __future__ import annotations

import pytest

from store.parties import Company
from workflows.errors import DataMissing
from workflows.people import Side
from workflows.sides import details, parties, wants

ACME = Company(name="Acme", mailbox="orders@acme.example", settings={"country": "AT", "wants": ["order-response", "x"]})


def test_details_are_kept_as_machines_write_them() -> None:
    """A VAT id without spaces, a country in capitals, nothing that is no detail."""
    said = {"vat_id": "de 136 695 976", "country": "de", "city": " Bad\n Segeberg ", "street": None, "iban": "DE1"}
    assert details(said) == {"vat_id": "DE136695976", "country": "DE", "city": "Bad Segeberg"}


@pytest.mark.parametrize("said", [{"country": "Germany"}, {"vat_id": "136695976"}, {"vat_id": "DE<x>"}])
def test_what_cannot_be_a_detail_is_refused_in_words(said: dict[str, str]) -> None:
    """An e-invoice with it would be sent back."""
    with pytest.raises(DataMissing):
        details(said)


def test_both_sides_are_named_with_what_is_known() -> None:
    """The legal name where there is one; the mailbox of the company; the account of the supplier."""
    found = parties(ACME, "Ferrum", {"legal_name": "Ferrum GmbH", "iban": "DE02", "secret": "x"})
    assert found == {
        "buyer": {"name": "Acme", "country": "AT", "mail": "orders@acme.example"},
        "seller": {"name": "Ferrum GmbH", "iban": "DE02"},
    }
    assert parties(ACME, None, None).keys() == {"buyer"}


def test_each_side_wants_for_itself() -> None:
    """And only what there is."""
    assert wants(ACME, {"wants": ["invoice-response"]}, Side.BUYER) == ["order-response"]
    assert wants(ACME, {"wants": ["invoice-response"]}, Side.SUPPLIER) == ["invoice-response"]
    assert wants(ACME, None, Side.SUPPLIER) == []
