"""The rules of EN 16931 on tax, and the profiles that bind to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inbound.documents.document import read_document
from inbound.documents.profiles import name_of, namespace_defects, profile_defects
from inbound.documents.rules import broken_rules
from inbound.documents.statement import Beside, Parties, Period, Statement, Taxed, Where
from inbound.documents.tax_ids import company_number_defects, vat_id_is_right
from tests.inbound.documents.e_invoices import a_cii_invoice
from workflows.reading import Reading, ReadLine

EN = "urn:cen.eu:en16931:2017"
KNOWN = Parties(seller_vat="DE123456789", seller_known=True, buyer_vat="FR12999999998")


def part(
    category: str | None,
    rate: str | None,
    amount: str,
    tax: str | None = None,
    *,
    reason: bool = False,
    of: Where = "line",
) -> Taxed:
    """An amount with its tax, from strings."""
    return Taxed(category, Decimal(rate) if rate else None, Decimal(amount), Decimal(tax) if tax else None, reason, of)


def stated(parts: list[Taxed], rows: list[Taxed], parties: Parties = KNOWN, **more: Any) -> Statement:
    """A statement that claims the norm, delivered to a state."""
    usual = {"delivered": True, "delivered_to_country": True, "terms": True}
    return Statement(profile=EN, parts=parts, breakdown=rows, parties=parties, **{**usual, **more})


def told(statement: Statement, reading: Reading | None = None) -> list[str]:
    """The defects of a statement, each as its code and its text."""
    return [f"{d.code} {d.text}" for d in broken_rules(statement, reading or Reading())]


def test_a_statement_that_keeps_the_rules_has_no_defect() -> None:
    """Two rates, a charge, an exemption with its reason; `7` and `7.00` are one rate."""
    parts = [part("S", "19", "100"), part("S", "19", "5.00", of="charge"), part("S", "7", "20"), part("E", "0", "30")]
    rows = [part("S", "19.0", "105", "19.95"), part("S", "7.00", "20", "1.40"), part("E", "0", "30", "0", reason=True)]
    beside = [Beside(True, Decimal(5), "freight")]
    assert told(stated(parts, rows, beside=beside, charges=Decimal(5))) == []


STANDARD = [part("S", "19", "100")]
NINETEEN = [part("S", "19", "100", "19")]


@pytest.mark.parametrize(
    ("parts", "rows", "rule"),
    [
        (STANDARD, [part("S", "19", "90", "17.10")], "BR-S-08"),
        (STANDARD, [part("S", "19", "60", "11.4"), part("S", "19.00", "40", "7.6")], "BR-S-08"),
        (STANDARD, [part("S", "19", "100", "25")], "BR-S-09"),
        (STANDARD, [part("S", "19", "100", "19.10")], "BR-CO-17"),
        (STANDARD, [part("S", "19", "100", "19", reason=True)], "BR-S-10"),
        (STANDARD, [part("S", None, "100", "19")], "BR-48"),
        ([part("S", "0", "100")], [part("S", "0", "100", "0")], "BR-S-05"),
        ([part("S", "0", "-1", of="allowance")], [part("S", "0", "-1", "0")], "BR-S-06"),
        ([part("S", "0", "1", of="charge")], [part("S", "0", "1", "0")], "BR-S-07"),
        ([part("Z", "0", "100")], [part("Z", "0", "100", "0"), part("Z", "0", "0", "0")], "BR-Z-01"),
        ([part("Z", "5", "100")], [part("Z", "0", "100", "0")], "BR-Z-05"),
        ([part("Z", "0", "100")], [part("Z", "5", "100", "5")], "BR-Z-05"),
        ([part("E", "0", "100")], [part("E", "0", "100", "0")], "BR-E-10"),
        ([part("E", "0", "100")], [part("E", "0", "100", "7", reason=True)], "BR-E-09"),
        ([part("E", None, "100")], [part("E", "0", "100", "0", reason=True)], "BR-E-05"),
        ([part("AE", "0", "100")], [part("AE", "0", "90", "0", reason=True)], "BR-AE-08"),
        ([part("K", "0", "100")], [part("K", "0", "100", "0")], "BR-IC-10"),
        ([part("G", "1", "100")], [part("G", "0", "100", "0", reason=True)], "BR-G-05"),
        ([part("O", None, "100")], [part("O", None, "100", "0", reason=True)], "BR-O-02"),
        ([part("O", "0", "100")], [part("O", None, "100", "0", reason=True)], "BR-O-05"),
        ([part("L", "7", "100")], [part("L", "7", "100", "9")], "BR-AF-09"),
        ([part("M", "-4", "100")], [part("M", "4", "100", "4")], "BR-AG-05"),
        (STANDARD, [], "BR-CO-18"),
        ([*STANDARD, part("S", "7", "1")], NINETEEN, "BR-S-01"),
        ([part(None, None, "100")], NINETEEN, "BR-CO-04"),
        ([*STANDARD, part("O", None, "5")], [*NINETEEN, part("O", None, "5", "0", reason=True)], "BR-O-11, BR-O-12"),
        ([*STANDARD, part("B", "22", "5")], [*NINETEEN, part("B", "22", "5", "1.10")], "BR-B-02"),
    ],
)
def test_b6_a_broken_rule_on_tax_is_told_with_its_id(parts: list[Taxed], rows: list[Taxed], rule: str) -> None:
    """Each rule by the smallest statement that breaks it."""
    assert any(rule in text for text in told(stated(parts, rows)))


@pytest.mark.parametrize(
    ("category", "parties", "rule"),
    [
        ("S", Parties(seller_known=True), "BR-S-02"),
        ("G", Parties(seller_known=True, seller_registration=True), "BR-G-02"),
        ("AE", Parties(seller_vat="DE1"), "BR-AE-02"),
        ("K", Parties(seller_vat="DE1", buyer_legal=True), "BR-IC-02"),
        ("S", Parties(seller_registration=True), "BR-CO-26"),
        ("S", Parties(seller_vat="Q7123"), "BR-CO-09"),
    ],
)
def test_b6_who_charges_tax_or_is_exempt_states_the_ids_for_it(category: str, parties: Parties, rule: str) -> None:
    """BR-x-02, and the ids by which a seller can be told."""
    rate = "19" if category == "S" else "0"
    rows = [part(category, rate, "100", "19" if category == "S" else "0", reason=category != "S")]
    assert any(rule in text for text in told(stated([part(category, rate, "100")], rows, parties)))


def test_b6_tax_that_was_rounded_for_each_line_is_no_defect() -> None:
    """Half a cent for each line, and whole units where a currency has no smaller coins; a cent more is told."""
    lines = [part("S", "19", "1.05")] * 10
    assert told(stated(lines, [part("S", "19", "10.50", "2.04")])) == []
    assert told(stated(lines, [part("S", "19", "10.50", "2.06")])) != []
    forints = stated([part("S", "27", "69180")], [part("S", "27", "69180", "18679")])
    assert told(forints, Reading(currency="HUF")) == []
    assert told(forints, Reading(currency="EUR")) != []


def test_a_supply_to_another_state_tells_where_and_when() -> None:
    """BR-IC-11 and 12."""
    rows = [part("K", "0", "1", "0", reason=True)]
    statement = stated([part("K", "0", "1")], rows, delivered=False, delivered_to_country=False)
    assert [text.rpartition("(")[2] for text in told(statement)] == ["BR-IC-11).", "BR-IC-12)."]


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"allowances": Decimal(2)}, "BR-CO-11"),
        ({"beside": [Beside(True, Decimal(5), "freight")]}, "BR-CO-12"),
        ({"beside": [Beside(False, Decimal(5))], "allowances": Decimal(5)}, "BR-CO-21"),
        ({"beside": [Beside(True, Decimal(5))], "charges": Decimal(5)}, "BR-CO-22"),
        ({"beside": [Beside(False, Decimal(5), line="1")]}, "BR-CO-23"),
        ({"beside": [Beside(True, Decimal(5), line="1")]}, "BR-CO-24"),
        ({"beside": [Beside(False, Decimal("1.005"), "x", line="1")]}, "BR-DEC-24"),
        ({"beside": [Beside(True, Decimal(1), "x", base=Decimal("9.999"), line="1")]}, "BR-DEC-28"),
        ({"beside": [Beside(True, Decimal(1), "x", Decimal(50), Decimal(10), line="1")]}, "PEPPOL-EN16931-R040"),
        ({"periods": [Period(None, None)]}, "BR-CO-19"),
        ({"periods": [Period(None, None, line="2")]}, "BR-CO-20"),
        ({"periods": [Period(date(2026, 3, 5), date(2026, 3, 4))]}, "BR-29"),
        ({"periods": [Period(date(2026, 3, 5), date(2026, 3, 4), line="2")]}, "BR-30"),
        ({"periods": [Period(None, None, code=True)], "tax_point_date": True}, "BR-CO-03"),
        ({"tax_currency": "PLN"}, "BR-53"),
        ({"incomplete_rows": 1}, "BR-45"),
        ({"terms": False}, "BR-CO-25"),
    ],
)
def test_b6_a_broken_rule_on_the_document_is_told_with_its_id(more: dict[str, Any], rule: str) -> None:
    """Allowances, charges, decimals, periods, terms and currencies."""
    reading = Reading(currency="EUR", due=Decimal(119))
    assert any(rule in text for text in told(stated(STANDARD, NINETEEN, **more), reading))


def test_a_third_decimal_is_told() -> None:
    """BR-DEC: but zeros behind the second are none."""
    reading = Reading(lines=(ReadLine(net=Decimal("100.005")), ReadLine(net=Decimal("1.0000"))))
    assert told(Statement(), reading) == [
        "too_many_decimals 100.005: an amount has more than two decimals (BR-DEC-23)."
    ]


def test_an_invoice_that_claims_no_profile_is_not_held_to_it() -> None:
    """Plain UBL has no breakdown and no categories."""
    assert told(Statement(parts=[part(None, None, "100")])) == []


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
