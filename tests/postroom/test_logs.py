"""The log shows neither addresses nor tokens."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from postroom.logs import configure_logs, redacted
from store.tokens import Purpose, Tokens

TOKEN = Tokens([b"a secret for the tests only"]).token(Purpose.REPLY, bytes(range(8)))


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Leave the logging of the tests as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ana.lopez@supplier.example", "a…@supplier.example"),
        ("<ana@a.example>, bo@b.example", "<a…@a.example>, b…@b.example"),
        (f"{TOKEN}@po.example.com", "……@po.example.com"),
        (f"orders+{TOKEN}@example.com", "o…@example.com"),
        (f"GET /l/{TOKEN.upper()} x", "GET /l/… x"),
        ("an ordinary sentence of some length", "an ordinary sentence of some length"),
    ],
)
def test_addresses_and_tokens_are_struck_out(text: str, shown: str) -> None:
    """An address keeps its first letter and its domain; a token is gone."""
    assert redacted(text) == shown


def test_events_are_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Our events and those of libraries come out as one JSON object a line, redacted, with the level asked for."""
    configure_logs("json", "info")
    structlog.get_logger().info("notice_sent", to="ana@supplier.example", more=[TOKEN])
    structlog.get_logger().debug("not_this")
    logging.getLogger("some.library").warning("sent to %s", "bo@b.example")
    logging.getLogger("dramatiq").info("nor this")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["notice_sent", "sent to b…@b.example"]
    assert (lines[0]["to"], lines[0]["more"]) == ("a…@supplier.example", ["…"])
    assert lines[1]["level"] == "warning"


def test_exceptions_are_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback in the log names no address."""
    configure_logs("json")
    try:
        raise ValueError("ana@supplier.example")
    except ValueError:
        structlog.get_logger().exception("work_failed")
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "ana@" not in told
