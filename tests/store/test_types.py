"""The store's types keep exactly what was given, order it, and sum it, the same on every database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, Date, Integer, MetaData, String, Table, func, insert, select

from store.database import Database
from store.errors import AmountTooLarge, MomentWithoutZone
from store.types import Amount, Exact, Json, Key, Moment, Words, dump_json, plain

_THINGS = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("amount", Amount),
    Column("exact", Exact),
    Column("moment", Moment),
    Column("words", Words),
    Column("json", Json),
    Column("key", Key),
    Column("day", Date),
    Column("plain", String(10)),
)
_NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def things(database: Database):
    """A table with a column of each type."""
    _THINGS.metadata.create_all(database.engine)
    yield database
    _THINGS.metadata.drop_all(database.engine)


def _kept(database: Database, column: str, *values: object) -> list[object]:
    """What comes back of *values*, in the order in which the database sorts them, NULL aside."""
    with database.write() as session:
        session.execute(_THINGS.delete())
        for value in values:
            session.execute(insert(_THINGS).values({column: value}))
    with database.read() as session:
        return list(session.scalars(select(_THINGS.c[column]).order_by(_THINGS.c[column])))


def test_amounts_come_back_exactly_and_in_order(things: Database):
    """Cents, millionths, negative and large ones; trailing zeros do not matter."""
    values = [Decimal(x) for x in ("-1.10", "0", "0.000001", "0.10", "19.99", "999999999999.999999")]
    assert _kept(things, "amount", *reversed(values)) == values


def test_amounts_are_summed_and_compared_in_sql(things: Database):
    """A tenth of a cent a thousand times is a unit, not nearly one."""
    with things.write() as session:
        session.execute(insert(_THINGS), [{"amount": Decimal("0.001")} for _ in range(1000)])
    with things.read() as session:
        assert session.scalar(select(func.sum(_THINGS.c.amount))) == Decimal(1)
        assert session.scalar(select(func.count()).where(_THINGS.c.amount > Decimal("0.000999"))) == 1000


def test_an_amount_that_does_not_fit_is_refused(things: Database):
    """Neither cut nor rounded away, nor NaN kept."""
    for value in (Decimal(10) ** 12, Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(Exception) as caught:
            _kept(things, "amount", value)
        assert isinstance(caught.value, AmountTooLarge) or isinstance(caught.value.__cause__, AmountTooLarge)


def test_exact_figures_keep_every_digit(things: Database):
    """A unit price of many decimals is not rounded; it has one canonical form."""
    for value, form in (("0.123456789012345678", "0.123456789012345678"), ("1E+3", "1000"), ("12.500", "12.5")):
        (kept,) = _kept(things, "exact", Decimal(value))
        assert str(kept) == form


def test_moments_come_back_aware_in_utc_and_in_order(things: Database):
    """Whatever zone they were given in, to the microsecond."""
    zone = timezone(timedelta(hours=9))
    values = [_NOON - timedelta(days=1), _NOON, (_NOON + timedelta(microseconds=1)).astimezone(zone)]
    kept = _kept(things, "moment", *reversed(values))
    assert kept == values
    assert all(moment.tzinfo is UTC or moment.utcoffset() == timedelta(0) for moment in kept)


def test_a_moment_without_a_zone_is_refused(things: Database):
    """It could mean any of 24 hours."""
    with pytest.raises(Exception) as caught:
        _kept(things, "moment", datetime(2026, 3, 1))  # noqa: DTZ001
    assert isinstance(caught.value, MomentWithoutZone) or isinstance(caught.value.__cause__, MomentWithoutZone)


def test_words_lose_nul_and_lone_surrogates_and_nothing_else(things: Database):
    """What no database keeps is dropped at the door; everything else stays."""
    assert _kept(things, "words", "a\0b\ud800c") == ["abc"]
    assert _kept(things, "words", "żółw 🐢 \u202e") == ["żółw 🐢 \u202e"]


def test_words_are_found_by_like_without_regard_to_a_backslash(things: Database):
    """A pattern with escaped wildcards means the same on both databases."""
    _kept(things, "words", "50% off", "500 off")
    with things.read() as session:
        found = session.scalars(select(_THINGS.c.words).where(_THINGS.c.words.contains("50%", autoescape=True))).all()
    assert found == ["50% off"]


def test_json_is_frozen_with_decimals_and_dates_as_text(things: Database):
    """The same facts come back on every database, scrubbed like words."""
    given = {"n": Decimal("1.50"), "day": date(2026, 3, 1), "bad": "x\0\ud800y", "list": [1, None, "é"]}
    assert _kept(things, "json", given) == [{"n": "1.5", "day": "2026-03-01", "bad": "xy", "list": [1, None, "é"]}]


def test_json_text_is_the_same_for_the_same_value():
    """Comparing the text compares the value."""
    assert dump_json({"a": Decimal("1.0")}) == dump_json({"a": Decimal("1.00")})


def test_keys_and_days_come_back_as_they_were(things: Database):
    """Bytes and plain dates."""
    assert _kept(things, "key", b"\0\xff12345\n") == [b"\0\xff12345\n"]
    assert _kept(things, "day", date(2026, 3, 1)) == [date(2026, 3, 1)]


def test_null_stays_null_in_every_column(things: Database):
    """No type makes something of nothing."""
    for column in ("amount", "exact", "moment", "words", "json", "key", "day"):
        assert _kept(things, column, None) == [None]


def test_nulls_are_ordered_where_the_query_says(things: Database):
    """The databases differ in their default, so queries say it; then they agree."""
    with things.write() as session:
        session.execute(_THINGS.delete())
        session.execute(insert(_THINGS), [{"amount": Decimal(1)}, {"amount": None}, {"amount": Decimal(2)}])
    with things.read() as session:
        kept = session.scalars(select(_THINGS.c.amount).order_by(_THINGS.c.amount.asc().nulls_last())).all()
    assert kept == [Decimal(1), Decimal(2), None]


def test_plain_has_no_exponent_and_no_trailing_zeros():
    """One form for each value."""
    assert str(plain(Decimal("1E+3"))) == "1000"
    assert str(plain(Decimal("0E-6"))) == "0"
