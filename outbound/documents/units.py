"""Units of measure as codes of UN/ECE recommendations 20 and 21, for machines that know nothing else."""

from __future__ import annotations

from typing import Final

OTHER: Final = "ZZ"
"""Mutually defined: what a unit is called stands beside it in words."""

_NAMES: Final = {
    "pcs": "C62", "pc": "C62", "pce": "C62", "piece": "C62", "pieces": "C62", "unit": "C62", "units": "C62",
    "ea": "EA", "each": "EA", "stk": "C62", "stück": "C62", "kg": "KGM", "g": "GRM", "mg": "MGM", "t": "TNE",
    "l": "LTR", "ml": "MLT", "m": "MTR", "mm": "MMT", "cm": "CMT", "km": "KMT", "m²": "MTK", "m2": "MTK",
    "m³": "MTQ", "m3": "MTQ", "h": "HUR", "hour": "HUR", "hours": "HUR", "min": "MIN", "day": "DAY", "days": "DAY",
    "week": "WEE", "weeks": "WEE", "month": "MON", "months": "MON", "year": "ANN", "years": "ANN", "kwh": "KWH",
    "set": "SET", "sets": "SET", "pair": "PR", "pairs": "PR", "dozen": "DZN", "box": "XBX", "boxes": "XBX",
    "pack": "XPK", "packs": "XPK", "pallet": "XPX", "pallets": "XPX", "bag": "XBG", "bottle": "XBO", "roll": "XRO",
    "carton": "XCT", "cartons": "XCT", "%": "P1", "lump sum": "LS",
}  # fmt: skip

CODES: Final = frozenset(
    {*_NAMES.values(), "H87", "C62", "EA", "E48", "E49", "E51", "ACT", "AMT", "ANN", "BLL", "C3", "CLT", "CMK", "CMQ",
     "D64", "DAY", "DMT", "DTN", "DZN", "FOT", "GLL", "GRM", "HAR", "HLT", "HUR", "INH", "IE", "JOU", "KGM", "KMK",
     "KMT", "KWH", "KWT", "LBR", "LEF", "LM", "LN", "LS", "LTR", "MGM", "MIN", "MLT", "MMK", "MMT", "MON", "MTK",
     "MTQ", "MTR", "MWH", "NAR", "NMP", "NPR", "ONZ", "P1", "PR", "QAN", "RM", "RO", "SEC", "SET", "SMI", "ST",
     "TNE", "TU", "WEE", "YRD", "X1A", "XBA", "XBE", "XBG", "XBJ", "XBK", "XBO", "XBX", "XCA", "XCN", "XCR", "XCS",
     "XCT", "XCY", "XDR", "XEA", "XJR", "XPA", "XPC", "XPK", "XPL", "XPP", "XPX", "XRO", "XSA", "XST", "XTU", "XZZ"}
)  # fmt: skip
"""The codes that are passed on as they are; whatever else somebody writes is `OTHER` with its name."""


def unit_code(unit: object) -> str:
    """The code of a unit: its own, that of its usual name, or `OTHER`; a line without a unit counts pieces."""
    text = str(unit or "").strip()
    if not text:
        return "C62"
    return text if text in CODES else _NAMES.get(text.lower().rstrip("."), OTHER)


def unit_name(unit: object) -> str | None:
    """How a unit is called, where no code says it."""
    return str(unit).strip() if unit_code(unit) == OTHER and str(unit).strip() != OTHER else None
