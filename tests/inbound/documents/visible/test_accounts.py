"""Bank accounts as pages show them."""

from __future__ import annotations

from inbound.documents.visible.accounts import Account, account_of
from tests.inbound.documents.visible.rows import a_page
from workflows.reading import DocumentFormat


def account(text: str, format: DocumentFormat = DocumentFormat.PDF) -> Account:  # noqa: A002
    """The account of a page."""
    return account_of(a_page(text), text, format)


def test_an_account_that_goes_on_under_itself_is_joined() -> None:
    """Narrow columns break accounts in two; the check digits prove the whole."""
    assert account("IBAN\nDE02 1203 0000 0000\n2020 51").iban == "DE02120300000000202051"


def test_of_several_accounts_none_is_chosen() -> None:
    """Which one to pay is not ours to guess."""
    assert account("IBAN DE02 1203 0000 0000 2020 51\nIBAN GB82 WEST 1234 5698 7654 32").iban is None


def test_a_labelled_account_with_wrong_check_digits_is_shown_and_told() -> None:
    """It was printed so: a person must see it beside the account that is known."""
    found = account("IBAN: DE03 1203 0000 0000 2020 51 BIC BYLADEM1001")
    assert found.iban == "DE03120300000000202051"
    assert [defect.code for defect in found.defects] == ["iban_wrong"]


def test_a_wrong_account_in_a_picture_is_only_told() -> None:
    """There it is more likely misread."""
    found = account("IBAN: DE03 1203 0000 0000 2020 51", DocumentFormat.IMAGE)
    assert found.iban is None
    assert [defect.code for defect in found.defects] == ["iban_wrong"]


def test_what_has_no_label_and_no_right_check_digits_is_no_account() -> None:
    """Article numbers look like accounts."""
    assert account("Article DE03 1203 0000 0000 2020 51") == Account(None, 0.0)
