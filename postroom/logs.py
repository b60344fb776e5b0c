"""The log: events with keys, for people or as JSON, on standard error; addresses are shortened, tokens struck out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z2-7]{26}(?![A-Za-z0-9])")
_ADDRESS = re.compile(r"([^\s<>@\"'(),;:=]{1,320})@([\w.-]+)")
_LOUD = {
    "uvicorn": "warning",
    "mail": "error",
    "dramatiq": "warning",
    "pika": "critical",
    "alembic": "warning",
    "imapclient": "warning",
}
"""Libraries that say more than an operator needs, or name addresses."""


def configure_logs(form: Literal["auto", "console", "json"] = "auto", level: str = "info") -> None:
    """Send our log and that of the libraries to standard error, in one form."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_addresses,
    ]
    render: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name, least in _LOUD.items():
        logging.getLogger(name).setLevel(least.upper())


def without_addresses(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Shorten addresses and strike tokens out of every value: a log is read by more people than a mail."""
    for key, value in event.items():
        event[key] = _redacted(value)
    return event


def redacted(text: str) -> str:
    """*text* with `ana@example.com` as `a…@example.com`, and tokens gone."""
    if len(text) >= 26:
        text = _TOKEN.sub("…", text)
    return _ADDRESS.sub(lambda found: f"{found[1][0]}…@{found[2]}", text) if "@" in text else text


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, (list, tuple)):
        return [_redacted(item) for item in value]
    if isinstance(value, dict):
        return {key: _redacted(item) for key, item in value.items()}
    return value
