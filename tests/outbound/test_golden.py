"""Golden notices: whole mails as they leave; POSTROOM_GOLDEN=write writes them anew, to be read before commit."""

from __future__ import annotations

import email
import email.policy
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outbound.compose import File, Notice, Sender, compose
from tests.notices import ANSWER, DIFFERENCES, EVENT, INVOICE, ORDER, REQUEST, links, some_facts

GOLDEN = Path(__file__).parent / "golden"
FACTS = {
    "invitation": some_facts(links=links("accept", "decline")),
    "order-sent": some_facts(document=ORDER, links=links("acknowledge", "refuse", "open")),
    "request-sent": some_facts(document=REQUEST, links=links("decline", "open")),
    "invoice-differs": some_facts(
        side="buyer",
        readers="own",
        document=INVOICE,
        differences=DIFFERENCES,
        links=links("approve", "reject", "send_back", "open"),
    ),
    "invoice-action-needed": some_facts(document=INVOICE, event=EVENT, links=links("confirm", "withdraw", "open")),
    "note": some_facts(
        document=ORDER,
        notes=[{"by": "Jan Kask", "side": "buyer", "text": "Können Sie eine Woche früher liefern?"}],
        links=links("open"),
    ),
    "answer": some_facts(document=INVOICE, answer=ANSWER, links=links("confirm", "open")),
}


def readable(source: bytes) -> str:
    """A mail with its parts decoded, one HTML tag to a line: what differs is seen at a glance."""
    mail = email.message_from_bytes(source, policy=email.policy.default)
    shown = [source.decode("ascii").partition("\r\n\r\n")[0].replace("\r\n", "\n")]
    for part in mail.walk():
        if not part.is_multipart():
            content = str(part.get_content()).replace("\r\n", "\n").replace("><", ">\n<")
            shown.append(f"=== {part.get_content_type()} {part.get_filename() or ''}\n{content}")
    return "\n".join(shown)


@pytest.mark.parametrize("name", FACTS)
def test_a_golden_notice_leaves_as_it_was_read_and_agreed(name):
    """Headers, text, HTML and attachments, whole."""
    notice = Notice(
        name=name,
        language="en-GB",
        message_id="golden.token@po.example.com",
        in_reply_to="question@ferrum.example",
        references=("first@po.example.com", "question@ferrum.example"),
        to_name="Märia Berg",
        to_address="maria@ferrum.example",
        reply_to="token@po.example.com",
        facts=FACTS[name],
        zone="Europe/Tallinn",
        attachments=(File("PO-4711.txt", "text/plain", b"as ordered"),) if name == "order-sent" else (),
    )
    source = compose(
        notice,
        Sender("Acme Works", "orders@po.example.com"),
        lambda key: f"https://po.example.com/l/{key}",
        now=lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    )
    found = readable(source)
    kept = GOLDEN / f"{name}.txt"
    if os.environ.get("POSTROOM_GOLDEN") == "write":
        kept.write_text(found, "utf-8")
    assert found == kept.read_text("utf-8")
