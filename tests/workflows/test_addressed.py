"""A document addressed to another company, or without its VAT id, says so to whoever decides on it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from store.installation import Installation
from store.parties import Company
from tests.inbound.post import ANA, OWNER, an_invoice, make_post
from workflows.addressed import NO_ID, OTHER_ID, OTHER_NAME, address_defects
from workflows.reading import Party

ACME = {"vat_id": "ATU12345675", "legal_name": "Acme Werke GmbH", "names": ["Hauser & Sohn"]}


@pytest.mark.parametrize(
    ("settings", "buyer", "expected"),
    [
        (ACME, Party("Acme Werke GmbH", "ATU12345675"), []),
        (ACME, Party("Somebody else", "ATU 123.456-75"), []),
        (ACME, Party("Acme", "U12345675"), []),
        (ACME, Party("Acme", "DE123456788"), [OTHER_ID]),
        (ACME, Party("ACME WERKE"), [NO_ID]),
        (ACME, Party("Hauser und Sohn"), [NO_ID]),
        (ACME, Party("Beta Stahl AG"), [OTHER_NAME, NO_ID]),
        (ACME, Party(), [NO_ID]),
        ({}, Party("Acme GmbH & Co. KG", "DE123456788"), []),
        ({}, Party("Beta Stahl AG"), [OTHER_NAME]),
        ({}, Party(), []),
        ({"tax_id": "12/345/67890"}, Party("Acme", "1234567890"), []),
    ],
)
def test_the_id_decides_and_where_there_is_none_the_names(
    settings: dict[str, Any], buyer: Party, expected: list[str]
) -> None:
    """A company's name, its name in the register, and the other names that it gave."""
    company = Company(name="Acme", settings=settings)
    assert [defect["text"] for defect in address_defects(company, buyer)] == expected


def test_who_decides_reads_it_with_the_invoice(installation: Installation) -> None:
    """In the mail and on the page; the supplier reads it in the read-back."""
    post = make_post(installation)
    post.world.order()
    with installation.database.write() as session:
        session.execute(update(Company).values(settings=ACME))
    source = an_invoice().decode()
    name = "<cac:PartyLegalEntity><cbc:RegistrationName>Beta Stahl AG</cbc:RegistrationName></cac:PartyLegalEntity>"
    party = f"<cac:AccountingCustomerParty><cac:Party>{name}</cac:Party></cac:AccountingCustomerParty>"
    source = source.replace("<cac:TaxTotal>", f"{party}<cac:TaxTotal>", 1)
    post.send(ANA, post.address("order-sent", ANA), "", ("invoice.xml", source.encode()))
    said = "It is addressed to Beta Stahl AG, not to Acme."
    assert said in post.text("answer", ANA)
    post.send(ANA, post.address("answer", ANA), "confirm")
    assert said in post.text("invoice-to-approve", OWNER)
    assert "ATU12345675, was not found on it." in post.text("invoice-to-approve", OWNER)
    post.receiving.close()
