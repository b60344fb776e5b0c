"""The lines that OpenPGP puts around a signed text (RFC 9580 section 7)."""

from collections.abc import Sequence

ARMOUR = "-----BEGIN PGP SIG"
"""Stands in every text that carries armour."""
_LOOKED_AT = 50


def is_armoured(lines: Sequence[str]) -> bool:
    """Tell whether a text carries armour among its first lines."""
    return any(line.startswith(ARMOUR) for line in lines[:_LOOKED_AT])


def armour_lines(lines: Sequence[str]) -> list[int]:
    """Return which lines are armour: headers to the first blank line, and signatures to their end."""
    found = []
    end: str | None = None
    for at, line in enumerate(lines):
        if end is not None:
            found.append(at)
            if line.startswith(end) if end else not line.strip():
                end = None
        elif line.startswith(ARMOUR):
            found.append(at)
            end = "" if line.startswith("-----BEGIN PGP SIGNED") else "-----END PGP"
    return found
