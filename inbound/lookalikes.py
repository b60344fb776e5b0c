"""Tells a mail domain that was made to look like another's: letters that look alike, one letter off, one word more."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from inbound.domains import aligned, organisation

_ALIKE = str.maketrans("аеорсухіјѕԁһӏαοερικντυ013578|", "aeopcyxijsdhlaoepikvtuoiestbl")
"""Letters of other alphabets, and digits, that are taken for a Latin letter."""
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("l", "i"))
_SHORTEST = 5
"""A shorter name is one letter off from half of the world's."""


def lookalike(domain: str, known: Iterable[str]) -> str | None:
    """The domain among *known* for which a reader may take *domain*; None if it is one of theirs, or like none."""
    own = organisation(domain)
    if not own:
        return None
    others = [theirs for theirs in dict.fromkeys(map(organisation, known)) if theirs]
    if any(aligned(own, theirs) for theirs in others):
        return None
    return next((theirs for theirs in others if _alike(domain.lower(), own, theirs)), None)


def _alike(domain: str, own: str, theirs: str) -> bool:
    label, known = _label(own), _label(theirs)
    if label == known or _skeleton(label) == _skeleton(known):
        return True
    if len(known) < _SHORTEST:
        return False
    words = [*label.split("-"), *domain.removesuffix(own).replace("-", ".").split(".")]
    if known in words:
        return True
    return OSA.distance(label, known, score_cutoff=2) <= (1 if len(known) < 12 else 2)


def _label(organisation_domain: str) -> str:
    """The name that the organisation chose, in letters: without the suffix."""
    label = organisation_domain.partition(".")[0]
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _skeleton(label: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", label.casefold()) if not unicodedata.combining(c))
    plain = plain.translate(_ALIKE)
    for pair, one in _PAIRS:
        plain = plain.replace(pair, one)
    return plain
