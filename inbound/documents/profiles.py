"""The profile that an e-invoice claims: which there are, and what it may then hold (Factur-X 1.0, EN 16931-1 BT-24)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workflows.reading import Defect

FACTUR_X: Final = ("minimum", "basicwl", "basic", "en16931", "comfort", "extended", "xrechnung")
"""The profiles of Factur-X and ZUGFeRD, the poorest first."""

NAMESPACES: Final = {
    "CrossIndustryInvoice": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "CrossIndustryDocument": "urn:ferd:CrossIndustryDocument:invoice:1p0",
}
"""The namespace of each root element of a Cross Industry Invoice."""

_GUIDELINE = re.compile(
    rb"GuidelineSpecifiedDocumentContextParameter>\s{0,200}<(?:\w{1,20}:)?ID[^>]{0,200}>([^<]{1,300})<"
)


def profile_defects(profile: str | None, *, lines: bool) -> Iterator[Defect]:
    """What is wrong with the claimed profile of a Cross Industry Invoice."""
    if not profile:
        yield Defect("no_profile", "The e-invoice does not say which rules it follows (BR-01).")
        return
    name = name_of(profile)
    known = name in FACTUR_X or profile.startswith("urn:cen.eu:en16931:2017")
    if not known or ("factur-x.eu" in profile and ":1p0:" not in profile):
        yield Defect("unknown_profile", f"There is no profile {profile[:100]} (Factur-X 1.0, BT-24).")
    if name in ("minimum", "basicwl") and lines:
        yield Defect("profile_exceeded", f"The e-invoice holds lines, which its profile {name} does not have.")


def profile_in(content: bytes) -> str | None:
    """The profile that a Cross Industry Invoice claims, looked up in its first bytes without parsing it again."""
    found = _GUIDELINE.search(content[:16_384])
    return found[1].decode("utf-8", "replace").strip() if found else None


def name_of(profile: str) -> str:
    """The short name of a profile, small letters; empty where it is none of Factur-X's own."""
    _, _, own = profile.casefold().rpartition("#")  # national rules are named behind those that they build on
    if "xrechnung" in own:
        return "xrechnung"
    return next((part for part in reversed(own.split(":")) if part in FACTUR_X), "")


def namespace_defects(tag: str) -> Iterator[Defect]:
    """Whether a root element stands in its own namespace: else readers that follow it find nothing."""
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    if name in NAMESPACES and namespace != NAMESPACES[name]:
        yield Defect("wrong_namespace", f"The e-invoice stands in an unknown namespace: {namespace[:100]}.")
