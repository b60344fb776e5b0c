"""Column types of the store's own, which keep exactly what was given on SQLite and PostgreSQL alike.

SQLAlchemy's `Numeric` stores a float on SQLite and its `DateTime` forgets the zone; these do neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.errors import AmountTooLarge, MomentWithoutZone

_MICRO = Decimal("0.000001")
_LARGEST = Decimal(10) ** 12
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """*text* without NUL and lone surrogates, which no database keeps."""
    return _UNSTORABLE.sub("", text) if _UNSTORABLE.search(text) else text


class Amount(TypeDecorator[Decimal]):
    """A total or a quantity: whole millionths in a BIGINT, so that SQL sums and compares it exactly."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        if not value.is_finite() or abs(value) >= _LARGEST:
            raise AmountTooLarge(value)
        return int(value.quantize(_MICRO, ROUND_HALF_EVEN).scaleb(6))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        if value is None:
            return None
        return plain(Decimal(int(value)).scaleb(-6))


class Exact(TypeDecorator[Decimal]):
    """A unit price or a rate: canonical decimal text, exact to its last digit; never compared in SQL."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        if not value.is_finite() or abs(value) >= _LARGEST:
            raise AmountTooLarge(value)
        return format(plain(value), "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value)


def plain(value: Decimal) -> Decimal:
    """*value* without trailing zeros and without an exponent: 12.500000 is 12.5, 1E+3 is 1000."""
    value = value.normalize()
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else value


class Moment(TypeDecorator[datetime]):
    """A moment in time: aware, in UTC, to the microsecond; text of fixed width on SQLite, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise MomentWithoutZone(value)
        value = value.astimezone(UTC)
        # Without its zone, which is UTC: strftime costs several times as much, and pads no year below 1000.
        return f"{value.isoformat('T', 'microseconds')[:26]}Z" if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        moment: datetime = value
        return moment.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from anywhere: NUL and lone surrogates are lost at this door."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(str(value))


def _as_json(value: object) -> object:
    if isinstance(value, Decimal):
        return format(plain(value), "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_scrubbed(k): _scrubbed(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrubbed(v) for v in value]
    return value


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_as_json)


def dump_json(value: object) -> str:
    """*value* as compact JSON text that every database keeps; decimals and dates become strings."""
    text = _ENCODER.encode(value)
    if "\\u0000" in text or _UNSTORABLE.search(text):
        text = json.dumps(_scrubbed(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
    return text


class Json(TypeDecorator[Any]):
    """A value frozen as JSON text, the same bytes on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else dump_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


class Key(TypeDecorator[bytes]):
    """The eight random bytes that name a row from outside; see `store.tokens`."""

    impl = LargeBinary(8)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else bytes(value)
