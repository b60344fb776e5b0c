"""VAT ids, bank accounts and order numbers."""

from __future__ import annotations

import pytest

from inbound.documents.visible.identifiers import ibans_of, orders_in, vat_ids_of
from tests.inbound.documents.visible.rows import a_page


def found(text: str, *orders: str) -> list[str]:
    """The open orders that a page of text names."""
    return list(orders_in(text, a_page(text), orders))


@pytest.mark.parametrize("written", ["PO-2026-0042", "PO 2026 42", "po2026/0042", "PO-2026-00042", "(PO-2026-0042)"])
def test_separators_and_leading_zeros_of_an_order_do_not_matter(written: str) -> None:
    """People copy order numbers as they like."""
    assert found(f"delivered for {written} in March", "PO-2026-0042") == ["PO-2026-0042"]


@pytest.mark.parametrize(
    "written", ["PO-2026-0043", "PO-2026-00421", "XPO-2026-0042", "PO-12026-0042", "PO-2026-0042.5"]
)
def test_another_number_is_not_the_order(written: str) -> None:
    """A number that only contains the order's is another one."""
    assert found(f"Order {written}", "PO-2026-0042") == []


def test_a_short_number_counts_only_where_an_order_is_spoken_of() -> None:
    """`117` may be a quantity; beside the word order, in its row or under it, it is the order."""
    assert found("117 pcs of steel", "117") == []
    assert found("Your order: 117", "117") == ["117"]
    assert found("Purchase order\n0117", "117") == ["117"]


def test_an_account_counts_only_with_right_check_digits() -> None:
    """ISO 13616: spaces do not matter, what follows the account does not belong to it."""
    text = "IBAN: DE02 1203 0000 0000 2020 51 BIC BYLADEM1001, DE03 1203 0000 0000 2020 51"
    assert ibans_of(text) == ("DE02120300000000202051",)


def test_the_only_vat_id_is_the_sellers() -> None:
    """An account number is no VAT id, though it begins like one."""
    assert vat_ids_of(a_page("USt-IdNr.: DE 136 695 976\nIBAN DE02 1203 0000 0000 2020 51"))[:2] == (
        "DE136695976",
        None,
    )


def test_two_vat_ids_are_told_apart_by_the_words_about_them() -> None:
    """Words in the row or above say whose one is."""
    page = a_page("Seller\nWinkel GmbH\nVAT id DE136695976\nBuyer\nNorthwind\nVAT id NL123456789B01")
    assert vat_ids_of(page)[:2] == ("DE136695976", "NL123456789B01")


def test_two_vat_ids_without_a_word_are_nobodys() -> None:
    """What cannot be told is not guessed."""
    assert vat_ids_of(a_page("VAT DE136695976\nVAT NL123456789B01"))[:2] == (None, None)


def test_a_country_before_the_label_begins_no_vat_id() -> None:
    """Payment services print `EE VAT EE102345678`; a number with parts is an invoice's."""
    assert vat_ids_of(a_page("EE VAT EE102345678"))[0] == "EE102345678"
    assert vat_ids_of(a_page("Invoice GB-48820991-2024-771"))[0] is None


def test_the_heading_of_a_block_tells_whose_vat_id_stands_in_it() -> None:
    """`Invoice to:` over an address is the buyer."""
    rows = a_page("VAT: NL853746333B01\n\nInvoice to:\nHanse Maschinenbau GmbH\nVAT number: DE118717427")
    assert vat_ids_of(rows)[:2] == ("NL853746333B01", "DE118717427")
