"""What a customer says of each change that a supplier proposes: `1: accept`, `2: no`, alone in a line.

Only a line that says nothing else counts, and it is taken out of the text before its meaning is looked for: "2: reject"
is no rejection of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from inbound.operations import Operation
from inbound.roles import Role
from workflows.counter_proposals import Decided, DecidedLine, Verdict
from workflows.engine.act import Act
from workflows.engine.document import Document
from workflows.engine.perform import Performed, perform
from workflows.engine.workflow import Step

DECIDE: Final = "decide"
_ACCEPTED: Final = (
    "accept, accepted, yes, ok, okay, agreed, approve, approved, fine",
    "ja, angenommen, annehmen, akzeptiert, einverstanden, genehmigt, passt",
    "sí, si, acepto, aceptamos, aceptado, aceptada, conforme",
    "oui, accepté, acceptée, d'accord, accord",
    "sì, accetto, accettiamo, accettato, accettata",
    "akkoord, geaccepteerd, goedgekeurd",
    "tak, zgoda, akceptuję, akceptujemy, zaakceptowano",
    "так, згода, приймаю, приймаємо, прийнято",
)
_REFUSED: Final = (
    "refuse, refused, reject, rejected, no, not accepted, not ok, not agreed, as ordered",
    "nein, abgelehnt, ablehnen, nicht angenommen, nicht einverstanden, wie bestellt",
    "rechazo, rechazamos, rechazado, rechazada, no aceptado, no aceptada, como pedido",
    "non, refusé, refusée, comme commandé",
    "rifiuto, rifiutiamo, rifiutato, rifiutata, come ordinato",
    "nee, afgewezen, geweigerd, niet akkoord, zoals besteld",
    "nie, odrzucam, odrzucono, jak zamówiono, bez zmian",
    "ні, відхилено, відхиляю, не приймаємо, як замовлено",
)
"""In each language that is understood."""
_SAID: Final[Mapping[str, Verdict]] = {
    words: verdict
    for verdict, rows in ((Verdict.ACCEPT, _ACCEPTED), (Verdict.REFUSE, _REFUSED))
    for row in rows
    for words in row.split(", ")
}
_PIECE = re.compile(r"[^\W\d_]{0,10}\.?\s?(?P<n>\d{1,4})\s*[:.)=-]\s*(?P<said>[^\d:,;]{1,30}?)[\s.!]*")


def verdicts_in(text: str) -> tuple[dict[int, Verdict], str]:
    """The verdicts by line, and *text* without the lines that said them."""
    found: dict[int, Verdict] = {}
    rest: list[str] = []
    for row in text.splitlines():
        of_row = _of_row(row)
        found |= of_row
        if not of_row:
            rest.append(row)
    return found, "\n".join(rest)


def _of_row(row: str) -> dict[int, Verdict]:
    """The verdicts of a row that says verdicts and nothing else; two of them on one line are none."""
    found: dict[int, Verdict] = {}
    for piece in re.split(r"[,;]", row):
        said = _PIECE.fullmatch(piece.strip())
        verdict = _SAID.get(" ".join(said["said"].casefold().split())) if said else None
        if said is None or verdict is None or int(said["n"]) in found:
            return {}
        found[int(said["n"])] = verdict
    return found


Pieces = Sequence[tuple[Role, str]]


def verdicts_said(
    document: Document[Any], steps: Mapping[str, Step], said: str, pieces: Pieces
) -> tuple[list[Operation], str, Pieces]:
    """What is decided of the changes proposed for *document*; and the words, and their pieces, that are left."""
    step = steps.get(DECIDE)
    if step is None or document.status not in step.sources:
        return [], said, pieces
    verdicts, rest = verdicts_in(said)
    left = [(role, verdicts_in(text)[1]) for role, text in pieces]
    return [_deciding(document, step, verdicts)] if verdicts else [], rest, left


def _deciding(document: Document[Any], step: Step, verdicts: Mapping[int, Verdict]) -> Operation:
    """Decide on the changes that are proposed for an order."""
    data = Decided([DecidedLine(n, verdict) for n, verdict in sorted(verdicts.items())])

    def take(act: Act, version: int | None) -> Performed:
        return perform(step, document.id, data, act, version=version)

    words = " / ".join(f"{n}: {verdict.value}" for n, verdict in sorted(verdicts.items()))
    return Operation(f"{document.id}:{DECIDE}:0", DECIDE, words, True, take, asked_as=DECIDE)
