"""Tests of which recipients are ours."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from inbound.recipients import Recipient, Recipients, plain_address, reply_key
from store.installation import Installation
from store.parties import Company
from store.tokens import Purpose, new_key


def test_a_reply_address_is_known_without_the_database(installation: Installation) -> None:
    """In both styles and any case: the token proves itself."""
    key = new_key()
    token = installation.tokens.token(Purpose.REPLY, key)
    recipients = Recipients(installation)
    for address in (f"{token}@po.example.com", f"orders+{token}@example.com", f'"{token.upper()}"@PO.example.com'):
        found = recipients.known(address)
        assert found is not None
        assert found.key == key
        assert found.address == plain_address(address)


def test_a_made_up_reply_address_is_not_ours(installation: Installation) -> None:
    """Another purpose's token, a changed character, something glued to it: nobody of ours."""
    token = installation.tokens.token(Purpose.REPLY, new_key())
    link = installation.tokens.token(Purpose.LINK, new_key())
    other = ("b" if token[0] == "a" else "a") + token[1:]
    for local in (link, other, f"x{token}", f"{token}x", f"{token}+x", token[:-1]):
        assert reply_key(installation.tokens, f"{local}@po.example.com") is None
    assert reply_key(installation.tokens, token) is None


def test_a_role_mailbox_is_found_in_any_case(installation: Installation, company: Company) -> None:
    """The company's mailbox is ours, another address in its domain is not."""
    recipients = Recipients(installation)
    assert recipients.find("<Orders@EXAMPLE.com>") == Recipient("orders@example.com", None, company.id)
    assert recipients.find("sales@example.com") is None
    assert recipients.find("orders+sales@example.com") is None


def test_the_postmaster_of_each_domain_of_ours_is_found(installation: Installation, company: Company) -> None:
    """With the domain, and without one (RFC 5321, section 4.5.1); not that of another domain."""
    recipients = Recipients(installation)
    for address in ("Postmaster", "postmaster@PO.example.com", "<postmaster@po.example.com>"):
        found = recipients.known(address)
        assert found is not None
        assert found.key is None
    assert recipients.find("postmaster@elsewhere.example") is None
    with installation.database.write() as session:
        session.execute(update(Company).values(mail_domain="buy.example.com"))
    assert Recipients(installation).find("postmaster@buy.example.com")


def test_a_new_company_is_found_and_a_removed_one_forgotten(installation: Installation, company: Company) -> None:
    """A miss reads the table again, though not at each miss; an old copy is not believed."""
    recipients = Recipients(installation, refresh=3600)
    assert recipients.find("orders@example.com")
    with installation.database.write() as session:
        session.execute(delete(Company))
    assert recipients.find("sales@example.com") is None
    assert recipients.find("orders@example.com"), "the table was read just now"
    eager = Recipients(installation, refresh=0, oldest=0)
    assert eager.find("orders@example.com") is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "a",
        "<>",
        "a@",
        "@b",
        '"',
        '""@b',
        '"\\',
        "a" * 200 + "@b",
        "a" * 100_000,
        "\0@\0",
        "\udcff@b",
        "é@ü.example",
    ],
)
def test_strange_addresses_are_nobody(installation: Installation, company: Company, address: str) -> None:
    """Whatever stands in an envelope gets an answer."""
    assert Recipients(installation).find(address) is None
