"""Whose words a stretch of a text holds, and where in its lines a role begins."""

from enum import StrEnum


class Role(StrEnum):
    """Whose words a piece holds."""

    SAID = "said"
    SIGNATURE = "signature"
    QUOTED = "quoted"
    FORWARDED = "forwarded"


Edge = tuple[int, int, Role]
"""Line, column and role: from there on, to the next edge, the text has that role."""
