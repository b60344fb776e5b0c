"""Explains a mail against the store: every step with its reason, and what would be done; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inbound.letter import Letter, read_letter
from inbound.recipients import plain_address, reply_key
from inbound.rehearsal import rehearse
from inbound.route import default_reader
from inbound.told import about_as_json
from inbound.trust import judge
from inbound.understanding import understand
from inbound.verdict import Hop
from store.installation import Installation

MOST = 10
"""Recipients that are listed."""
_RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def explain(installation: Installation, source: bytes, recipients: Sequence[str] = ()) -> dict[str, object]:
    """How the mail *source* is understood; without *recipients* those are taken from its headers.

    Returns {"from", "kind", "trust", "steps": [[step, reason]...], "documents": [...], "answer", "others"}, ready for
    JSON: `answer` is the mail that the author would get ({"notice", "to", "subject", "text"}, or None), `others` are
    those to other people. Where acting on the mail would fail, the last step says how.
    """
    letter = read_letter(source)
    addresses = [plain_address(a) for a in (recipients or _recipients(letter))]
    keyed = [(address, reply_key(installation.tokens, address)) for address in dict.fromkeys(addresses)]
    verdict = judge(letter, source, "", Hop(), installation.trust, installation.trusted_relays)
    with installation.database.read() as session:
        found = understand(session, installation, letter, keyed, default_reader(), judged=verdict)
    steps = [["to", _shown(address, key)] for address, key in keyed[:MOST]]
    steps += [list(step) for step in found.steps]
    try:
        mails = rehearse(installation, source, keyed, found)
    except Exception as error:  # noqa: BLE001 - the very mails that fail are those that somebody wants explained
        steps.append(["failure", f"acting on it fails: {type(error).__name__}: {error}"[:500]])
        mails = []
    author = (letter.author or "").lower()
    answer = next((mail for mail in mails if mail["to"].lower() == author), None)
    return {
        "from": letter.author,
        "kind": found.kind.value,
        "trust": found.verdict.level,
        "steps": steps,
        "documents": [_without_ids(about_as_json(about)) for about in found.about],
        "answer": answer,
        "others": [mail for mail in mails if mail is not answer],
    }


def _shown(address: str, key: bytes | None) -> str:
    """An address that the mail came to; what opens a thread is not written out."""
    return f"a reply address of ours at {address.rpartition('@')[2]}" if key else address


def _without_ids(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in ("id", "version", "company")}


def _recipients(letter: Letter) -> list[str]:
    named = [value for name, value in letter.headers if name in _RECIPIENT_HEADERS]
    return [*named, *(box.address for box in (*letter.to, *letter.cc))]
