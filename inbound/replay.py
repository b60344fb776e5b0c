"""Understands stored mails again with today's code, and says what would change, before anything is changed.

A mail is judged as it was judged when it came, and each document is looked at as it stood then; so what differs is what
the code understands differently. Orders that were opened or closed since may differ, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from inbound.kept import judged, kept_mail
from inbound.letter import read_letter
from inbound.route import default_reader, route
from inbound.told import understanding_as_json
from inbound.understanding import understand
from store import clock
from store.installation import Installation
from store.mails import Mail, MailStatus

GIVEN_UP = (MailStatus.QUARANTINED.value, MailStatus.FAILED.value)
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Replayed:
    """A mail understood again; `changes` is empty when it is understood as before."""

    mail_id: int
    status: str
    author: str
    subject: str
    changes: tuple[Mapping[str, Any], ...]
    """Each {"what", "before", "now"}; `before` is None where nothing was understood before."""
    now: Mapping[str, Any] | None
    failure: str = ""

    def as_json(self) -> dict[str, object]:
        """Ready for JSON."""
        return {
            "mail": self.mail_id,
            "status": self.status,
            "from": self.author,
            "subject": self.subject,
            "changes": list(self.changes),
            "now": self.now,
            "failure": self.failure or None,
        }


def replay(
    installation: Installation, since: datetime | None = None, mail_ids: Sequence[int] = ()
) -> Iterator[Replayed]:
    """Understand the mails again that came *since*, or those of *mail_ids*, or all, in the order they came."""
    last = 0
    while ids := _page(installation, last, since, mail_ids):
        for mail_id in ids:
            found = again(installation, mail_id)
            if found is not None:
                yield found
        last = ids[-1]


def again(installation: Installation, mail_id: int) -> Replayed | None:
    """Understand one mail again; nothing is changed. None when there is no such mail."""
    with installation.database.read() as session:
        mail = kept_mail(session, installation, mail_id)
        kept = session.scalar(select(Mail.understanding).where(Mail.id == mail_id))
    if mail is None:
        return None
    before: Mapping[str, Any] | None = kept if isinstance(kept, dict) else None
    letter = read_letter(mail.source)
    author, subject = letter.author or "", letter.subject[:200]
    try:
        verdict = judged(installation, mail, letter)
        with installation.database.read() as session:
            found = understand(
                session, installation, letter, mail.recipients, default_reader(), None, mail.received_at, verdict,
                as_then=_versions(before),
            )  # fmt: skip
    except Exception as error:  # noqa: BLE001 - the very mails that fail are those that are replayed
        return Replayed(mail_id, mail.status, author, subject, (), None, f"{type(error).__name__}: {error}"[:500])
    now = understanding_as_json(found)
    return Replayed(mail_id, mail.status, author, subject, tuple(_changes(before, now)), now)


def act_again(installation: Installation, mail_id: int) -> str:
    """Route a mail that was given up once more, and return the status that it has then."""
    with installation.database.write() as session:
        session.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.status.in_(GIVEN_UP))
            .values(status=MailStatus.KEPT.value, tries=0, due=clock.now()),
            execution_options={"synchronize_session": False},
        )
    route(installation, mail_id)
    with installation.database.read() as session:
        return str(session.scalar(select(Mail.status).where(Mail.id == mail_id)))


def _page(installation: Installation, last: int, since: datetime | None, mail_ids: Sequence[int]) -> list[int]:
    statement = select(Mail.id).where(Mail.id > last).order_by(Mail.id).limit(_PAGE)
    if since is not None:
        statement = statement.where(Mail.received_at >= since)
    if mail_ids:
        statement = statement.where(Mail.id.in_(mail_ids))
    with installation.database.read() as session:
        return list(session.scalars(statement))


def _versions(before: Mapping[str, Any] | None) -> dict[int, int]:
    """The version of each document that the mail was understood against."""
    documents = (before or {}).get("documents") or ()
    return {one["id"]: one["version"] for one in documents if one.get("id") and one.get("version")}


def _changes(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What differs, one entry for each thing that a person would name."""
    if before is None or "documents" not in before:
        yield {"what": "understanding", "before": None, "now": _summary(now)}
        return
    for what in ("kind", "trust"):
        if before.get(what) != now[what]:
            yield {"what": what, "before": before.get(what), "now": now[what]}
    then, present = (_by_document(side) for side in (before, now))
    for name in dict.fromkeys((*then, *present)):
        one, other = then.get(name), present.get(name)
        if one is None or other is None:
            yield {"what": "document", "before": name if one else None, "now": name if other else None}
            continue
        for what in ("writer", "actions", "questions", "note", "read_by"):
            if _comparable(one.get(what)) != _comparable(other.get(what)):
                yield {"what": what, "document": name, "before": one.get(what), "now": other.get(what)}


def _comparable(value: Any) -> Any:
    """A question is the same in other words."""
    return [one.get("about", one) for one in value] if isinstance(value, list) else value


def _by_document(understanding: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(one["document"] or "no document"): one for one in understanding["documents"]}


def _summary(now: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": now["kind"],
        "trust": now["trust"],
        "actions": [action["action"] for one in now["documents"] for action in one["actions"]],
        "questions": [question["about"] for one in now["documents"] for question in one["questions"]],
    }
