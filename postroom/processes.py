"""The processes: everything in one (`serve`), or one role each; started in order, stopped in order by SIGTERM."""

from __future__ import annotations

import os
import signal
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
import typer

from postroom.errors import AlreadyServing, ListenFailed, NotForSqlite, PostroomError
from postroom.settings import Settings, installation_of
from store.installation import Installation

if TYPE_CHECKING:
    from inbound.receiving import Receiving

log = structlog.get_logger()

ROLES = frozenset({"smtp", "imap", "web", "worker"})

Stop = Callable[[float], object]


def run(settings: Settings, roles: frozenset[str] = ROLES) -> int:
    """Run *roles* until SIGTERM or SIGINT, finish what is in hand, and return the exit code."""
    from postroom.logs import configure_logs

    if roles == {"imap"} and not settings.imap_url:
        raise PostroomError("There is no mailbox to fetch from: set POSTROOM_IMAP_URL.")
    configure_logs(settings.log, settings.log_level)
    installation = installation_of(settings)
    if installation.database.sqlite and roles != ROLES:
        raise NotForSqlite(
            "SQLite means one serving process: run `postroom serve`, or set POSTROOM_DATABASE_URL to PostgreSQL."
        )
    ended = threading.Event()
    process = Process(settings, installation, ended)
    with _signals(ended):
        try:
            process.start(roles)
            typer.echo(f"Postroom is ready: {', '.join(process.places) or 'at work'}. Ctrl+C or SIGTERM ends it.")
            if not has_company(installation):
                typer.echo(
                    "There is no company yet: run `postroom init` for a new installation, else `postroom company add`."
                )
            ended.wait()
        finally:
            clean = process.stop()
    return 0 if clean and not process.failed else 1


class Process:
    """The running parts of one process: what accepts ends first, then the rest, the last started first."""

    def __init__(self, settings: Settings, installation: Installation, ended: threading.Event) -> None:
        self.settings = settings
        self.installation = installation
        self.places: list[str] = []
        self.failed = False
        self._ended = ended
        self._accepting: list[tuple[str, Stop]] = []
        self._working: list[tuple[str, Stop]] = []

    def start(self, roles: frozenset[str]) -> None:
        """Start what works first and what accepts last, so that nothing comes in before it can be done."""
        from inbound.documents.zipped import ZipLimits, limit_zips
        from inbound.reader import recognise_in
        from inbound.receiving import Receiving
        from postroom.mail_servers import relay_of
        from postroom.workers import Workers
        from store.queue import nudges, open_broker

        limit_zips(ZipLimits(self.settings.zip_files, self.settings.zip_bytes, self.settings.zips_bytes))
        recognise_in(self.settings.ocr_languages)
        prepare_database(self.installation)
        self._working.append(("database", lambda _within: self.installation.database.close()))
        if self.settings.broker_url or "worker" in roles:
            broker = open_broker(self.settings.broker_url, self.settings.broker_queue)
            self.installation.database.nudge = nudges(broker)
            self._working.append(("broker", lambda _within: broker.close()))
        receiving: Receiving | None = None
        if roles & {"smtp", "imap"} or ("web" in roles and self.settings.hooked):
            receiving = Receiving(self.installation)
            self._working.append(("writer", _closing(receiving)))
            self._take_handed_over(receiving)
        if "worker" in roles:
            relay = relay_of(self.settings)
            self._working.append(("relay", lambda _within: relay.close()))
            workers = Workers(
                self.installation, relay, broker, threads=self.settings.workers, sweep_every=self.settings.sweep_every
            )
            workers.start()
            self._working.append(("workers", workers.stop))
        if receiving is not None and "smtp" in roles:
            self._take_mail(receiving)
        if receiving is not None and "imap" in roles:
            self._fetch_mail(receiving)
        if "web" in roles:
            self._show_pages(receiving)
        log.info("ready", roles=sorted(roles), places=self.places)

    def stop(self) -> bool:
        """Stop accepting, end the web server, stop the workers, close the writer; False if time ran out."""
        deadline = time.monotonic() + self.settings.stop_within
        cut = threading.Timer(self.settings.stop_within + 2, _cut_off)
        cut.daemon = True
        cut.start()
        clean = True
        for name, stop in (*self._accepting, *reversed(self._working)):
            try:
                stop(max(deadline - time.monotonic(), 0.1))
            except Exception:  # one part that ends badly must not keep the others from ending well
                log.exception("stop_failed", part=name)
                clean = False
        cut.cancel()
        log.info("stopped", clean=clean)
        return clean

    def _take_handed_over(self, receiving: Receiving) -> None:
        """Take what `postroom deliver` hands over. Its socket's lock also says that this is the one serving process."""
        from inbound.errors import AnotherProcessServes
        from inbound.pipe import serve_pipe

        if not self.installation.database.sqlite:
            return
        try:
            handover = serve_pipe(self.installation, receiving, largest=self.settings.mail_bytes)
        except AnotherProcessServes as error:
            raise AlreadyServing(
                f"Another process serves {self.installation.database.url.database} already: stop it first, or move to"
                " PostgreSQL to run several."
            ) from error
        self._accepting.append(("handover", lambda _within: handover.close()))

    def _take_mail(self, receiving: Receiving) -> None:
        from inbound.smtp import SmtpLimits, start_smtp

        settings = self.settings
        tls = _tls(settings)
        limits = SmtpLimits(size=settings.mail_bytes, recipients=settings.recipients, connections=settings.connections)
        for way, listen in (("smtp", settings.smtp_listen), ("lmtp", settings.lmtp_listen)):
            if listen is None:
                continue
            with _listening(way, listen):
                server = start_smtp(self.installation, receiving, listen, limits, tls, lmtp=way == "lmtp")
            self._accepting.append((way, server.close))
            self.places.append(f"{way.upper()} at {_place(listen, server.port)}")

    def _fetch_mail(self, receiving: Receiving) -> None:
        from inbound.imap import start_imap
        from postroom.mail_servers import mailboxes_of, tokens_of

        mailboxes = mailboxes_of(self.settings)
        if not mailboxes:
            return
        readers = start_imap(
            self.installation, receiving, mailboxes, self.settings.mail_bytes, tokens_of(self.settings)
        )
        self._accepting.append(("imap", readers.close))
        self.places.append(f"mail fetched from {', '.join(mailbox.name for mailbox in mailboxes)}")

    def _show_pages(self, receiving: Receiving | None) -> None:
        from inbound.web.app import create_app
        from postroom.hooks import hooks_of
        from postroom.web_server import WebServer
        from store.metrics import show_rows

        app = create_app(self.installation, hooks=hooks_of(self.settings, self.installation, receiving))
        listen = self.settings.http_listen
        host, _, port = listen.rpartition(":")
        with _listening("http", listen):
            web = WebServer(app, host.strip("[]"), int(port), self._ended_by_itself)
        hide_rows = show_rows(self.installation.database)
        self._working.append(("metrics", lambda _within: hide_rows()))
        web.start()
        self._accepting.append(("web", web.stop))
        self.places.append(f"pages at {self.settings.base_url or 'http://' + _place(listen, web.port)}")

    def _ended_by_itself(self) -> None:
        self.failed = True
        self._ended.set()


def _closing(receiving: Receiving) -> Stop:
    return lambda _within: receiving.close()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """What STARTTLS is offered with; raises a fault in words when the files are not a certificate and its key."""
    if settings.tls_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    except OSError as error:  # ssl.SSLError is one
        raise PostroomError(
            f"STARTTLS cannot be offered with {settings.tls_certificate} ({error.strerror or type(error).__name__}):"
            " check POSTROOM_TLS_CERTIFICATE and POSTROOM_TLS_KEY."
        ) from error
    return context


def prepare_database(installation: Installation) -> None:
    """See that the schema is this version's; a SQLite file that has no tables yet gets them."""
    from sqlalchemy import inspect

    from store.migrate import migrate, require_current

    if installation.database.sqlite and not inspect(installation.database.reader).get_table_names():
        log.info("database_made", revision=migrate(installation.database))
    require_current(installation.database)


def has_company(installation: Installation) -> bool:
    """Whether anybody could use this installation yet."""
    from sqlalchemy import select

    from store.parties import Company

    with installation.database.read() as session:
        return session.scalar(select(Company.id).limit(1)) is not None


@contextmanager
def _signals(ended: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set *ended*; a second one is not waited for."""

    def end(_number: int, _frame: object) -> None:
        if ended.is_set():
            os._exit(1)
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _listening(way: str, listen: str) -> Iterator[None]:
    try:
        yield
    except (OSError, OverflowError) as error:
        name = f"POSTROOM_{way.upper()}_LISTEN"
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ListenFailed(
            f"Nothing can listen at {listen} ({reason}): end what uses it, or set {name} to another place."
        ) from error


def _place(listen: str, port: int) -> str:
    return f"{listen.rpartition(':')[0]}:{port}" if port else listen


def _cut_off() -> None:
    """End a process that did not end in time. Nothing is lost: what was in hand is still due in its row."""
    log.error("stop_took_too_long")
    os._exit(1)
