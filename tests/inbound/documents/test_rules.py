"""The rules of EN 16931 on tax, and the profiles that bind to them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inbound.documents.document import read_document
from inbound.documents.profiles import name_of, namespace_defects, profile_defects
from inbound.documents.rules import Statement, Taxed, broken_rules
from inbound.documents.tax_ids import company_number_defects, vat_id_is_right
from tests.inbound.documents.e_invoices import a_cii_invoice
from workflows.reading import Charge, Reading, ReadLine

EN = "urn:cen.eu:en16931:2017"


def part(category: str | None, rate: str | None, amount: str, tax: str | None = None, *, reason: bool = False) -> Taxed:
    """An amount with its tax, from strings."""
    return Taxed(category, Decimal(rate) if rate else None, Decimal(amount), Decimal(tax) if tax else None, reason)


def told(statement: Statement, reading: Reading | None = None) -> list[str]:
    """The defects of a statement, each as its code and its text."""
    return [f"{d.code} {d.text}" for d in broken_rules(statement, reading or Reading())]


def test_a_statement_that_keeps_the_rules_has_no_defect() -> None:
    """Two rates, a charge, an exemption with its reason; `7` and `7.00` are one rate."""
    parts = [part("S", "19", "100"), part("S", "19", "5.00"), part("S", "7", "20"), part("E", None, "30")]
    rows = [part("S", "19.0", "105", "19.95"), part("S", "7.00", "20", "1.40"), part("E", "0", "30", "0", reason=True)]
    assert told(Statement(EN, parts, rows, seller_tax_id=True)) == []


@pytest.mark.parametrize(
    ("parts", "rows", "rule"),
    [
        ([part("S", "19", "100")], [part("S", "19", "90", "17.10")], "BR-S-08"),
        ([part("S", "19", "100")], [part("S", "19", "60", "11.4"), part("S", "19.00", "40", "7.6")], "BR-S-08"),
        ([part("S", "19", "100")], [part("S", "19", "100", "25")], "BR-CO-17"),
        ([part("S", "0", "100")], [part("S", "0", "100", "0")], "BR-S-05"),
        ([part("E", None, "100")], [part("E", "0", "100", "0")], "BR-E-10"),
        ([part("K", None, "100")], [part("K", None, "100", "0")], "BR-IC-10"),
        ([part("Z", None, "100")], [part("Z", "5", "100", "5")], "BR-Z-05"),
        ([part("S", "19", "100")], [], "BR-CO-18"),
        ([part("S", "19", "100"), part("S", "7", "1")], [part("S", "19", "100", "19")], "BR-S-01"),
        ([part(None, None, "100")], [part("S", "19", "100", "19")], "BR-CO-04"),
    ],
)
def test_a_broken_rule_is_told_with_its_id(parts: list[Taxed], rows: list[Taxed], rule: str) -> None:
    """Each rule by the smallest statement that breaks it."""
    assert any(rule in text for text in told(Statement(EN, parts, rows, seller_tax_id=True)))


def test_a_seller_who_charges_tax_states_a_tax_id() -> None:
    """BR-S-02."""
    statement = Statement(EN, [part("S", "19", "100")], [part("S", "19", "100", "19")])
    assert [text.split()[0] for text in told(statement)] == ["no_seller_tax_id"]


def test_totals_of_charges_and_allowances_are_checked() -> None:
    """BR-CO-11 and 12; an allowance may be printed with a minus."""
    statement = Statement(None, allowances=Decimal(2), charges=Decimal(5))
    agreed = Reading(charges=(Charge("freight", Decimal(5)), Charge("discount", Decimal(-2))))
    statement.profile, statement.breakdown, statement.seller_tax_id = EN, [part("S", "19", "3", "0.57")], True
    statement.parts = [part("S", "19", "3")]
    assert told(statement, agreed) == []
    assert "BR-CO-11" in told(statement, Reading())[0]


def test_a_third_decimal_is_told() -> None:
    """BR-DEC: but zeros behind the second are none."""
    reading = Reading(lines=(ReadLine(net=Decimal("100.005")), ReadLine(net=Decimal("1.0000"))))
    assert told(Statement(), reading) == [
        "too_many_decimals 100.005: an amount has more than two decimals (BR-DEC-23)."
    ]


def test_an_invoice_that_claims_no_profile_is_not_held_to_it() -> None:
    """Plain UBL has no breakdown and no categories."""
    assert told(Statement(None, [part(None, None, "100")], [])) == []


@pytest.mark.parametrize(
    ("profile", "lines", "code"),
    [
        (None, True, "no_profile"),
        ("urn:factur-x.eu:2p0:ultimate", True, "unknown_profile"),
        ("urn:factur-x.eu:1p0:minimum", True, "profile_exceeded"),
    ],
)
def test_a_wrong_profile_is_told(profile: str | None, lines: bool, code: str) -> None:
    """Absent, unknown, or poorer than what the e-invoice holds."""
    assert [defect.code for defect in profile_defects(profile, lines=lines)] == [code]


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        (EN, "en16931"),
        (f"{EN}#compliant#urn:factur-x.eu:1p0:basic", "basic"),
        (f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "xrechnung"),
        (f"{EN}#compliant#urn:peppol:billing:3.0", ""),
        ("urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", "comfort"),
    ],
)
def test_known_profiles_and_national_rules_pass(profile: str, name: str) -> None:
    """A state may make its own rules below the norm."""
    assert list(profile_defects(profile, lines=True)) == []
    assert name_of(profile) == name


def test_a_root_in_another_namespace_is_told() -> None:
    """Readers that follow the namespace find nothing in it."""
    assert [d.code for d in namespace_defects("{urn:x:CrossIndustryInvoice:90}CrossIndustryInvoice")] == [
        "wrong_namespace"
    ]


@pytest.mark.parametrize("vat_id", ["FR11999999998", "BE0403019261", "IT00743110157", "PL5260001246", "FRXX999999998"])
def test_right_check_digits_pass(vat_id: str) -> None:
    """Where a state has published how they are made; letters in a French key are not judged."""
    assert vat_id_is_right(vat_id)


@pytest.mark.parametrize("vat_id", ["FR12999999998", "BE0403019262", "IT00743110158", "PL5260001247"])
def test_wrong_check_digits_are_found(vat_id: str) -> None:
    """One digit off."""
    assert not vat_id_is_right(vat_id)


def test_a_company_number_that_lost_a_digit_is_told() -> None:
    """A SIRET has fourteen."""
    assert [d.code for d in company_number_defects("SIRET 9999999980001 x")] == ["company_number_wrong"]
    assert list(company_number_defects("SIREN / SIRET : 999 999 998 00014")) == []


def test_a_date_in_another_form_than_it_says_is_told() -> None:
    """Format 102 means eight figures; the date is read all the same."""
    reading = read_document(a_cii_invoice().replace(b">20260305<", b">2026-03-05<"))
    assert reading is not None
    assert reading.issue_date is not None
    assert [defect.code for defect in reading.defects] == ["wrong_date_format"]
