"""`postroom doctor`: looks for the usual mistakes of an installation, and says how to mend each."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import typer

from postroom import mx, sources
from postroom.errors import PostroomError
from postroom.faults import in_words, reason_of
from postroom.setting_types import trust_of
from postroom.settings import Settings, installation_of
from store.installation import Installation
from store.trust import Proof

RESERVED = ("example", "example.com", "example.net", "example.org", "invalid", "test", "localhost")


class Level(StrEnum):
    """How bad it is."""

    WELL = "well"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and how to mend it."""

    about: str
    level: Level
    text: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Everything that can be looked at from here; nothing is changed but the secret made if there is none."""
    findings = [*_names(), *_folder(settings), *_mail_domain(settings), *_trust(settings), *_scans(settings)]
    try:
        installation = installation_of(settings)
    except PostroomError as error:
        return [*findings, Finding("secret", Level.FAULT, str(error))]
    except OSError as error:
        return [*findings, Finding("database", Level.FAULT, in_words(error) or reason_of(error))]
    checks: tuple[Callable[[Settings, Installation], Iterator[Finding]], ...] = (
        _secret, _database, _broker, _relay, examine_mailboxes, _pages, _topics,
    )  # fmt: skip
    for check in checks:
        findings.extend(check(settings, installation))
    installation.database.close()
    return findings


def show(findings: list[Finding], *, as_json: bool) -> int:
    """Print the findings; 1 if one is a fault."""
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        marks = {Level.WELL: ("ok  ", "green"), Level.WARNING: ("look", "yellow"), Level.FAULT: ("mend", "red")}
        for finding in findings:
            mark, color = marks[finding.level]
            typer.secho(mark, fg=color, nl=False)
            typer.echo(f"  {finding.about}: {finding.text}")
            if finding.mend:
                typer.echo(f"      {finding.mend}")
    return int(any(finding.level is Level.FAULT for finding in findings))


def _names() -> Iterator[Finding]:
    known = {sources.name_of(field) for field in Settings.model_fields}
    known |= {sources.name_of(field) + "_FILE" for field in sources.FROM_FILES} | {sources.CONFIG}
    for name in sorted(os.environ):
        if name.startswith(sources.PREFIX) and name not in known and not name.startswith("POSTROOM_TEST_"):
            yield Finding("settings", Level.WARNING, f"{name} is no setting.", "See docs/settings.md for the names.")


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        text = f"{folder} cannot be written ({error.strerror})."
        yield Finding("data folder", Level.FAULT, text, "Let this user own it, or set POSTROOM_DATA to another one.")
        return
    yield Finding("data folder", Level.WELL, f"{folder.resolve()} can be written.")


def _secret(settings: Settings, _installation: Installation) -> Iterator[Finding]:
    path = settings.data / "secret"
    if settings.secret:
        files = [Path(os.environ[name]) for name in ("POSTROOM_SECRET_FILE",) if os.environ.get(name)]
    else:
        files = [path]
    for file in files:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and not str(file).startswith("/run/secrets"):
            yield Finding("secret", Level.FAULT, f"{file} can be read by other users.", f"Run: chmod 600 {file}")
            return
    yield Finding("secret", Level.WELL, "It is there, and for this user alone.")


def _database(_settings: Settings, installation: Installation) -> Iterator[Finding]:
    from sqlalchemy import inspect, select
    from sqlalchemy.exc import SQLAlchemyError

    from store import clock
    from store.errors import SchemaNotCurrent
    from store.migrate import require_current
    from store.parties import Company
    from store.queue import database_now

    database = installation.database
    where = database.url.render_as_string(hide_password=True)
    try:
        database.ping()
    except SQLAlchemyError as error:
        text = f"{where} does not answer ({reason_of(error)})."
        yield Finding("database", Level.FAULT, text, "Check POSTROOM_DATABASE_URL, and that the server runs.")
        return
    try:
        require_current(database)
    except SchemaNotCurrent:
        text = f"{where} is not at the schema of this version."
        mend = "Run: postroom migrate"
        if not inspect(database.reader).get_table_names():
            text = f"{where} has no tables yet."
            mend = mend if sources.config_file().is_file() else "Run: postroom init"
        yield Finding("database", Level.FAULT, text, mend)
        return
    with database.read() as session:
        theirs = session.scalar(select(database_now(database.sqlite)))
        companies = session.scalar(select(Company.id).limit(1))
    skew = abs((theirs - clock.now()).total_seconds()) if theirs else 0
    if skew > 5:
        text = f"Its clock and this machine's are {skew:.0f} seconds apart."
        yield Finding("clock", Level.FAULT, text, "Let both machines take the time from NTP.")
    yield Finding("database", Level.WELL, f"{where} answers and is at the schema of this version.")
    if companies is None:
        yield Finding("company", Level.WARNING, "There is no company yet.", "Run: postroom company add")


def _broker(settings: Settings, _installation: Installation) -> Iterator[Finding]:
    if not settings.broker_url:
        return
    from store.queue import broker_answers

    if broker_answers(settings.broker_url):
        yield Finding("broker", Level.WELL, "It answers.")
        return
    text = "It does not answer. Mail is still done, but only as often as the sweeper looks."
    yield Finding("broker", Level.FAULT, text, "Check POSTROOM_BROKER_URL, and that the server runs.")


def _relay(settings: Settings, _installation: Installation) -> Iterator[Finding]:
    from outbound.errors import RelayAway
    from postroom.mail_servers import relay_of

    relay = relay_of(settings.model_copy(update={"relay_timeout": min(settings.relay_timeout, 5)}))
    try:
        name = relay.ping()
    except RelayAway as error:
        text = f"It does not take our mail: {error}."
        mend = "Check POSTROOM_RELAY_URL and its login; until then notices wait and go later."
        yield Finding("relay", Level.FAULT, text, mend)
        return
    finally:
        relay.close()
    yield Finding("relay", Level.WELL, f"{name} answers.")


def examine_mailboxes(settings: Settings, _installation: Installation) -> Iterator[Finding]:
    """Whether each IMAP mailbox of the settings can be read."""
    from imapclient.exceptions import IMAPClientError

    from inbound.imap_session import connect, folder_name, hang_up
    from outbound.errors import OutboundError
    from postroom.mail_servers import mailboxes_of, tokens_of

    for mailbox in mailboxes_of(settings):
        try:
            client = connect(mailbox, tokens_of(settings))
        except (OSError, OutboundError, IMAPClientError) as error:
            text = f"{mailbox.name} lets nobody in ({reason_of(error)})."
            yield Finding("mailbox", Level.FAULT, text, "Check POSTROOM_IMAP_URL, its password or its tokens.")
            continue
        try:
            if not client.folder_exists(folder_name(client, mailbox.folder)):
                text = f"{mailbox.name} is not there."
                yield Finding("mailbox", Level.FAULT, text, "Name a folder that exists in POSTROOM_IMAP_URL.")
                continue
            how = "IDLE" if client.has_capability("IDLE") else f"a look every {mailbox.poll} seconds"
            clear = mailbox.scheme == "imap" and mailbox.host not in ("127.0.0.1", "localhost", "::1")
            if clear:
                text = f"{mailbox.name} is read without encryption."
                yield Finding("mailbox", Level.WARNING, text, "Write it as imaps:// or imap+starttls://.")
            else:
                yield Finding("mailbox", Level.WELL, f"{mailbox.name} can be read, by {how}.")
        finally:
            hang_up(client)


def _pages(settings: Settings, _installation: Installation) -> Iterator[Finding]:
    parts = urlsplit(settings.pages)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # noqa: S104
    if local:
        text = f"Links lead to {settings.pages}, which nobody else can open."
        yield Finding("pages", Level.WARNING, text, "Set POSTROOM_BASE_URL to the address that people see.")
    elif parts.scheme != "https":
        text = f"Links lead to {settings.pages}, which is not encrypted."
        yield Finding(
            "pages", Level.WARNING, text, "Put a proxy with TLS before it, and set POSTROOM_BASE_URL to https."
        )
    try:
        with urllib.request.urlopen(f"{settings.pages}/healthz", timeout=5) as answer:  # noqa: S310 - checked by settings
            ours = b'"status"' in answer.read(1000)
    except (urllib.error.URLError, OSError, ValueError) as error:
        text = f"{settings.pages}/healthz does not answer ({reason_of(error)})."
        mend = "Start `postroom serve`; if it runs, check the proxy and POSTROOM_BASE_URL."
        yield Finding("pages", Level.WARNING if local else Level.FAULT, text, mend)
        return
    if not ours:
        text = f"Something answers at {settings.pages}, but it is not Postroom."
        yield Finding("pages", Level.FAULT, text, "Let the proxy pass it on, or mend POSTROOM_BASE_URL.")
        return
    yield Finding("pages", Level.WELL, f"{settings.pages} answers.")


def _topics(settings: Settings, installation: Installation) -> Iterator[Finding]:
    if not settings.ses_topic_arn:
        return
    from sqlalchemy.exc import SQLAlchemyError

    from inbound.web.hooks.seen import notes
    from inbound.web.hooks.ses import WAY

    try:
        waiting = {topic: url for topic, url, _ in notes(installation.database, WAY)}
    except SQLAlchemyError:
        return  # the database has been told of
    for topic in settings.ses_topic_arn:
        if topic in waiting:
            text = f"{topic} asks whether it may send here: its subscription waits for you."
            yield Finding("sns topic", Level.FAULT, text, f"Open {waiting[topic]}")
        else:
            yield Finding("sns topic", Level.WELL, f"{topic} may send mail to {settings.pages}/in/ses.")


def _mail_domain(settings: Settings) -> Iterator[Finding]:
    domain = settings.mail_domain
    if domain in RESERVED or domain.rpartition(".")[2] in RESERVED or domain.endswith((".example.com", ".local")):
        text = f"{domain} is a domain for examples: no answer can come back to it."
        yield Finding("mail domain", Level.FAULT, text, "Set POSTROOM_MAIL_DOMAIN to a domain of yours.")
        return
    hosts = mx.lookup(domain)
    if hosts is None:
        yield Finding(
            "mail domain", Level.WARNING, f"No name server tells where mail for {domain} goes.", "Look again."
        )
    elif not hosts:
        text = f"{domain} has no MX record, so answers do not arrive."
        yield Finding(
            "mail domain", Level.FAULT, text, "Add one that names the server that hands its mail to Postroom."
        )
    else:
        yield Finding("mail domain", Level.WELL, f"Mail for {domain} goes to {', '.join(hosts[:3])}.")


def _scans(settings: Settings) -> Iterator[Finding]:
    from inbound.documents.pictures import tesseract

    mend = "Install tesseract-ocr with its languages, tesseract-ocr-deu and so on (docs/operators.md)."
    if tesseract.program() is None:
        yield Finding("scans", Level.WARNING, "Scans and photographs of documents are not read: no tesseract.", mend)
        return
    installed = tesseract.languages()
    missing = [language for language in settings.ocr_languages if language not in installed]
    if missing:
        text = f"Scans are read, but not in {', '.join(missing)}: the languages are not installed."
        yield Finding("scans", Level.WARNING, text, "Install them, or take them out of POSTROOM_OCR_LANGUAGES.")
    else:
        yield Finding("scans", Level.WELL, f"Scans are read in {', '.join(settings.ocr_languages)}.")


def _trust(settings: Settings) -> Iterator[Finding]:
    chosen = {proof for proofs in trust_of(settings.trust).values() for proof in proofs} or {Proof.RELAY}
    if Proof.ARC in chosen and not settings.arc_sealers:
        mend = "Set POSTROOM_ARC_SEALERS to the domains of those who redirect mail to you."
        yield Finding("arc sealers", Level.FAULT, "Seals are to be believed, but no sealer is named.", mend)
    if Proof.TENANT in chosen and not settings.microsoft_tenant:
        mend = "Set POSTROOM_MICROSOFT_TENANT to your tenant's id."
        yield Finding("tenant", Level.FAULT, "The tenant's marks are to be believed, but no tenant is named.", mend)
    if Proof.RELAY not in chosen:
        yield Finding("trust", Level.WELL, f"Senders are proved by: {', '.join(sorted(chosen))}.")
        return
    if settings.trusted_relays:
        yield Finding("trusted relays", Level.WELL, f"Believed: {', '.join(settings.trusted_relays)}.")
        return
    text = "None is named, so no sender is proven and every decision by mail asks for a click."
    mend = "Set POSTROOM_TRUSTED_RELAYS to the name that your mail server writes in Authentication-Results."
    yield Finding("trusted relays", Level.WARNING, text, mend)
