"""Names of seller and buyer as pages show them."""

from __future__ import annotations

import pytest

from inbound.documents.visible.page import Cell, Row
from inbound.documents.visible.parties import parties_of
from tests.inbound.documents.visible.rows import a_page


def names(text: str) -> tuple[str | None, str | None]:
    """Seller and buyer of a page, where they are sure."""
    parties = parties_of(a_page(text))
    seller, buyer = (read.value if read and read.sure >= 0.7 else None for read in (parties.seller, parties.buyer))
    return seller, buyer


@pytest.mark.parametrize(
    "heading",
    [
        "Seller",
        "Verkäufer:",
        "Émetteur",
        "Proveedor",
        "Fornitore:",
        "Leverancier",
        "Sprzedawca:",
        "Fornecedor",
        "Постачальник",
    ],
)
def test_a_name_stands_under_its_heading(heading: str) -> None:
    """The first row that is a name counts; ids before it do not."""
    page = f"{heading}\nGLN 4012345000009\nNo: 4711\nBracket Works\nMill Lane 3\nLeeds"
    assert names(page) == ("Bracket Works", None)


def test_two_blocks_beside_each_other_keep_apart() -> None:
    """Seller and buyer in two columns."""
    page = "Vendor  Bill to\nBracket Works Ltd  Harbour Bikes Ltd\nMill Lane 3  Dock Road 1"
    assert names(page) == ("Bracket Works Ltd", "Harbour Bikes Ltd")


def test_a_name_stands_beside_its_label() -> None:
    """Blocks of labels and values."""
    page = (
        "Verkäufer\nNummer:  4711\nName:  Winkel OHG\nAnschrift:  Mühlweg 3\nKäufer/Leistungsempfänger\nName:  Hafen AG"
    )
    assert names(page) == ("Winkel OHG", "Hafen AG")


def test_a_heading_may_be_followed_by_the_name_in_its_own_cell() -> None:
    """`Supplier: ...` in one cell; a customer's number is no name."""
    assert names("Supplier: Bracket Works Ltd\nCustomer: 4711") == ("Bracket Works Ltd", None)


def test_a_name_on_two_lines_is_joined_by_its_legal_form() -> None:
    """The second line ends it; a person under a company does not."""
    assert names("Seller\nNorthern Assembly\nand Welding Ltd\nMill Lane 3")[0] == "Northern Assembly and Welding Ltd"
    assert names("Seller\nNorthern Assembly\nJohn Bright\nMill Lane 3")[0] == "Northern Assembly"


def test_a_line_of_the_sender_counts_when_another_place_says_the_same_name() -> None:
    """An address alone could be anybody's."""
    line = "Winkel · Mühlweg 3 · 20457 Hamburg"
    assert names(f"Winkel GmbH\n{line}\nHafen AG") == ("Winkel GmbH", None)
    assert names(f"Rechnung\n{line}\nHafen AG") == (None, None)


def test_headings_that_disagree_leave_the_name_open() -> None:
    """What is not sure is not shown."""
    assert names("Supplier\nBracket Works\nMill Lane\n\nRemark\n\n\n\n\nSupplier\nOther Works") == (None, None)


def test_an_address_of_mail_and_a_street_are_no_names() -> None:
    """Nothing is taken rather than the wrong row."""
    assert names("Seller\ninfo@bracket.example\nMühlweg 3") == (None, None)


def test_a_label_amid_two_lines_of_the_name_takes_both() -> None:
    """Labels are set beside the last line of their value, or in the middle of it."""

    def row(y: float, *cells: tuple[float, str]) -> Row:
        return Row(1, y, 9.0, tuple(Cell(left, left + 80, text) for left, text in cells))

    rows = [row(700, (70, "Verkäufer")), row(683, (70, "Nummer:"), (260, "4711")), row(664, (260, "Nordmontage"))]
    rows.append(row(652, (70, "Name:"), (260, "und Schweißerei e.G.")))
    found = parties_of(rows).seller
    assert found is not None
    assert found.value == "Nordmontage und Schweißerei e.G."


def test_the_sender_of_an_order_is_its_buyer() -> None:
    """Orders come from who buys."""
    found = parties_of(a_page("Hafen AG\nHafen AG · Kai 1 · 20457 Hamburg\nWinkel"), sold=False)
    assert found.seller is None
    assert found.buyer is not None
    assert found.buyer.value == "Hafen AG"


def test_a_heading_of_a_table_does_not_speak_against_the_sellers_address() -> None:
    """The same word heads a column; the heading with an address under it counts."""
    page = "Supplier:\nBracket Works\nMill Lane 3\n20457 Hamburg\n\n\n\n\nSupplier  Amount\nSteel  12.00"
    assert names(page)[0] == "Bracket Works"


def test_a_line_of_the_sender_counts_when_a_domain_says_the_same_name() -> None:
    """Letterheads name the company's own page."""
    line = "Winkel Hamburg - Mühlweg 3 - 20457 Hamburg"
    assert names(f"{line}\nwww.winkel-hamburg.de\nHafen AG")[0] == "Winkel Hamburg"
    assert names(f"{line}\nwww.hafen.de\nHafen AG")[0] is None


def test_a_legal_form_that_is_stated_apart_with_its_capital_is_not_of_the_name() -> None:
    """French pages do so; the company's domain says the name alone."""
    page = "Le bon rabot SARL - 12 rue haute - 84340 Malaucène\nwww.lebonrabot.fr\nSARL au capital de 10 000 €"
    assert names(page)[0] == "Le bon rabot"


def test_a_name_over_an_address_is_told_by_a_domain_in_the_foot() -> None:
    """A buyer's domain stands beside the buyer's address, not in the foot."""
    blocks = "Harbour Bikes Ltd  BRACKET WORKS\nDock Road 1  Mill Lane 3\n20457 Hamburg  48436 Dorf\n"
    foot = "\n".join("text" for _ in range(50))
    assert names(f"{blocks}{foot}\ninfo@bracketworks.example")[0] == "BRACKET WORKS"
    assert names(f"{blocks}\ninfo@bracketworks.example\n{foot}\nthe end")[0] is None


def test_the_holder_of_the_account_is_the_seller_where_the_name_stands_over_an_address() -> None:
    """Money that goes to a name that the letterhead does not know tells nothing."""
    page = "Winkel OHG\nMühlweg 3\n20457 Hamburg\n\nKontoinhaber: {holder}\nIBAN DE02 1203 0000 0000 2020 51"
    assert names(page.format(holder="Winkel OHG"))[0] == "Winkel OHG"
    assert names(page.format(holder="Max Mustermann"))[0] is None


def test_the_company_in_the_foot_is_told_by_its_register() -> None:
    """A logo is a picture; law wants the name beside register and directors. Its bank stands there too."""
    foot = "Winkel GmbH  Geschäftsführer: A. Winkel  Musterbank AG\nMühlweg 3  Amtsgericht Hamburg HRB 1234"
    assert names(f"Rechnung Nr. 5\n{foot}")[0] == "Winkel GmbH"
    assert names("Rechnung Nr. 5\nWinkel GmbH\nMühlweg 3")[0] is None


def test_a_company_in_one_line_with_its_address_is_the_sender() -> None:
    """Buyers stand in blocks; two such companies leave it open."""
    line = "Winkel GmbH · Mühlweg 3 · 20457 Hamburg"
    assert names(f"{line}\nHafen AG\nKai 1\n20457 Hamburg")[0] == "Winkel GmbH"
    assert names(f"{line}\nHafen AG · Kai 1 · 20457 Hamburg")[0] is None


def test_a_company_printed_large_at_the_top_is_the_sender() -> None:
    """A letterhead; a bank is none."""
    rows = a_page("Winkel GmbH\nHafen AG\nKai 1\n20457 Hamburg\nRechnung Nr. 5")
    large = [Row(1, row.y, 20.0 if n == 0 else 10.0, row.cells) for n, row in enumerate(rows)]
    found, plain = parties_of(large).seller, parties_of(rows).seller
    assert found is not None
    assert found.value == "Winkel GmbH"
    assert plain is None


def test_the_address_that_is_not_the_buyers_is_the_sellers() -> None:
    """Where the buyer has a heading and deliveries have theirs, one is left over."""
    seller = "Winkel & Söhne\nMühlweg 3\n20457 Hamburg\n\n\n\n"
    buyer = "Bill to\nHafen AG\nKai 1\n20457 Hamburg\n\n\n\n"
    assert names(f"{seller}{buyer}Ship to\nLager Nord\nKai 2\n20457 Hamburg") == ("Winkel & Söhne", "Hafen AG")
    assert names(f"{seller}{buyer}Lager Nord\nKai 2\n20457 Hamburg")[0] is None


def test_an_address_with_ways_to_reach_it_is_the_sellers() -> None:
    """A buyer's address states none."""
    buyer = "Hafen AG\nKai 1\n20457 Hamburg\n\n\n\n"
    assert (
        names(f"{buyer}Winkel & Söhne\nMühlweg 3\n20457 Hamburg\nTel. 040 123\nmail@example.com")[0] == "Winkel & Söhne"
    )
    seller = "Winkel & Söhne\nMühlweg 3\n20457 Hamburg"
    assert names(f"{buyer}{seller}\nTel. 040 123\nmail@example.com")[0] == "Winkel & Söhne"
    assert names(f"{buyer}{seller}")[0] is None


def test_the_only_tax_id_tells_the_seller() -> None:
    """Who says its number in its own block sells; where two say one, neither is sure."""
    page = "TAX INVOICE\nCoastline Plumbing Pty Ltd\nABN 51 824 753 556\n9 Wharf Rd\n\nHarbour Cafe Pty Ltd\n{buyer}"
    seller = parties_of(a_page(page.replace("{buyer}", "12 Beach St"))).seller
    assert seller is not None
    assert seller.value == "Coastline Plumbing Pty Ltd"
    assert parties_of(a_page(page.replace("{buyer}", "ABN 53 004 085 616"))).seller is None


def test_labels_with_their_values_are_no_names() -> None:
    """A list of data over the seller's address names nobody."""
    page = """
Receipt
Invoice number  9C11E0A2
Date paid  Nov 5, 2024
Payment method  Visa - 4242
Ledgerly Ltd
2 Finsbury Lane
London EC2M 4AA
VAT GB999999973
"""
    seller = parties_of(a_page(page)).seller
    assert seller is not None
    assert seller.value == "Ledgerly Ltd"


def test_a_heading_may_be_followed_by_its_name_and_address() -> None:
    """`Sold by Lumen Home Ltd`, `Bill To: Delta Cabinets Inc, 12 Oak St, Fresno, CA 93701`."""
    read = parties_of(a_page("Sold by Lumen Home Ltd\n\nBill To: Delta Cabinets Inc, 12 Oak St, Fresno, CA 93701"))
    assert read.seller is not None
    assert read.buyer is not None
    assert (read.seller.value, read.buyer.value) == ("Lumen Home Ltd", "Delta Cabinets Inc")
