"""`postroom replay`: stored mails understood again, what would change, and only then, if asked, done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import typer

from inbound.replay import GIVEN_UP, Replayed, act_again
from inbound.replay import replay as understood_again
from postroom.errors import PostroomError
from store.installation import Installation
from store.migrate import require_current


def replay(installation: Installation, since: str | None, mail_ids: Sequence[int], *, act: bool, as_json: bool) -> None:
    """Print what would change, mail by mail; with *act* route again those that were given up."""
    require_current(installation.database)
    counted = changed = acted = 0
    for one in understood_again(installation, _moment(since), mail_ids):
        counted += 1
        changed += bool(one.changes or one.failure)
        shown: dict[str, object] = one.as_json()
        if act and one.status in GIVEN_UP and not one.failure:
            shown["acted"] = act_again(installation, one.mail_id)
            acted += 1
        if as_json:
            typer.echo(json.dumps(shown, ensure_ascii=False, default=str))
        elif one.changes or one.failure:
            for line in lines(one):
                typer.echo(line.encode("utf-8", "replace"))
            if "acted" in shown:
                typer.echo(f"  routed again: {shown['acted']}")
    if not as_json:
        typer.echo(f"{counted} mails looked at, {changed} understood differently, {acted} routed again.")
        if changed and not act:
            typer.echo("Nothing was changed. With --act, those in quarantine or failed are routed again.")


def lines(one: Replayed) -> Iterator[str]:
    """What a person reads of one mail."""
    yield f"mail {one.mail_id} ({one.status}) from {one.author or 'nobody'}: {one.subject or 'without a subject'}"
    if one.failure:
        yield f"  fails      {one.failure}"
    for change in one.changes:
        about = f" of {change['document']}" if change.get("document") else ""
        yield f"  {change['what'] + about}"
        yield f"    before   {_shown(change['before'])}"
        yield f"    now      {_shown(change['now'])}"


def _shown(value: Any) -> str:
    if value is None or value in ([], ""):
        return "nothing"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(item)}" for name, item in value.items())
    if isinstance(value, list):
        return "; ".join(
            " ".join(str(one[name]) for name in ("action", "words", "about", "text") if one.get(name))
            if isinstance(one, Mapping)
            else str(one)
            for one in value
        )
    return " ".join(str(value).split())[:300]


def _moment(since: str | None) -> datetime | None:
    if since is None:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise PostroomError(f"{since} is no moment: write 2026-11-24 or 2026-11-24T09:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
