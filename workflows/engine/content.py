"""What the engine asks of a document's content, and the small data types that steps share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase


@dataclass(frozen=True, slots=True)
class Heading:
    """What the header of a document shows of its content."""

    number: str | None = None
    title: str = ""
    currency: str | None = None
    total: Decimal | None = None


class Content(Protocol):
    """The content of a document: a dataclass that can say its heading, its facts and its rows in a line table.

    A field named `order_ids`, where there is one, names the orders that are locked before the document.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def heading(self) -> Heading:
        """What the header shows."""

    def facts(self) -> Mapping[str, object]:
        """What notices and pages show, in the words of docs/facts.md."""


class Lined(Protocol):
    """A content whose lines are kept in a table of their own, too."""

    line_table: ClassVar[type[DeclarativeBase]]

    def line_rows(self) -> list[dict[str, Any]]:
        """The rows, without company and document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A step that needs no data."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A step that may be given a reason, which the other side reads."""

    reason: str = ""
