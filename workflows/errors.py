"""What can go wrong when somebody acts; a refusal is a sentence that can stand in a mail."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

Fact = str | int | date | datetime | Decimal | None


class WorkflowError(Exception):
    """The base of all; never raised itself."""


class WrongDeclaration(WorkflowError):
    """Raised at import when a workflow is declared wrongly; the message says what and where."""


class NamesChanged(WorkflowError):
    """Raised when a stored name (a kind, status or step) has no declaration and no alias any more."""


class Refusal(WorkflowError):
    """The base of refusals: a sentence of the catalogues (`text`, a msgid) and the facts that fill it (`params`)."""

    def __init__(self, text: str, **params: Fact) -> None:
        self.text = text
        self.params = {name: "" if value is None else str(value) for name, value in params.items()}
        super().__init__(text % self.params)

    def facts(self) -> dict[str, object]:
        """The refusal as it is frozen in a notice."""
        return {"text": self.text, "params": self.params}


class TransitionNotAllowed(Refusal):
    """Raised when the document's status does not allow the step."""


class NotTheirs(Refusal):
    """Raised when the person may not take the step."""


class ProofMissing(Refusal):
    """Raised when the step needs more proof of the person than there is; a confirm link can give it."""


class DocumentChanged(Refusal):
    """Raised when the document has moved on since the person, or the caller, saw it."""


class DataMissing(Refusal):
    """Raised by a rule when what it needs was not said: asked, never guessed."""


class FigureTooLarge(Refusal):
    """Raised when a figure does not fit the store."""


class NotFound(Refusal):
    """Raised when there is no such document for this person."""


class LinkStale(Refusal):
    """Raised when a link cannot be used any more: expired, revoked, or its document has moved on."""
