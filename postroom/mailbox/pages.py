"""The mailbox pages of the demo: choose a person, read what came, answer it, follow its links."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Annotated, Literal
from urllib.parse import quote, urlencode, urlsplit

import uvicorn
from fastapi import FastAPI, Form, HTTPException, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException

import templates
from postroom.mailbox import showing
from postroom.mailbox.mail import Address, File, Mail
from postroom.mailbox.mailboxes import Mailboxes, Owner
from postroom.mailbox.relay import Relay
from postroom.mailbox.words import environment
from postroom.mailbox.writing import Draft, addresses, forward, reply, write

MAX_FILES_BYTES = 30 * 1024 * 1024

How = Literal["new", "reply", "all", "forward"]
Proof = Literal["pass", "none", "fail"]

HEADINGS: dict[How, str] = {"new": "New mail", "reply": "Reply", "all": "Reply to all", "forward": "Forward"}
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; frame-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STATIC = {"style.css": "pages", "mailbox.css": "mailbox", "mailbox.js": "mailbox"}


def mailbox_pages(relay: Relay) -> FastAPI:
    """The pages over the mailboxes of a relay, as an application to be served on a port of its own."""
    return _Pages(relay).app


@contextmanager
def served(relay: Relay, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve the pages from a thread while the block runs; gives their address. A port of 0 picks a free one."""
    config = uvicorn.Config(mailbox_pages(relay), host=host, port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    listening.listen()  # Whoever comes before the thread is ready waits instead of being turned away.
    thread = Thread(target=server.run, args=([listening],), name="mailbox pages", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


class _Pages:
    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.boxes: Mailboxes = relay.mailboxes
        self.words = environment(self.boxes)
        self.app = FastAPI(title="Postroom demo", docs_url=None, redoc_url=None, openapi_url=None)
        self.app.middleware("http")(_guard)
        self.app.exception_handler(AnyHTTPException)(self.missing)
        for name in STATIC:
            self.app.get(f"/{name}")(_static(name))
        page = self.app.get
        page("/", response_class=HTMLResponse)(self.people)
        page("/box/{address}", response_class=HTMLResponse)(self.box)
        page("/box/{address}/newest", response_class=PlainTextResponse)(self.newest)
        page("/box/{address}/write", response_class=HTMLResponse)(self.form)
        page("/box/{address}/{mail_id}", response_class=HTMLResponse)(self.mail)
        page("/box/{address}/{mail_id}/html", response_class=HTMLResponse)(self.html)
        page("/box/{address}/{mail_id}/source")(self.source)
        page("/box/{address}/{mail_id}/files/{number}")(self.file)
        self.app.post("/box/{address}/write", response_class=HTMLResponse)(self.send)

    def people(self) -> str:
        companies: dict[str, list[dict[str, object]]] = {}
        for one in self._people():
            owner = one["owner"]
            assert isinstance(owner, Owner)
            companies.setdefault(owner.company, []).append(one)
        named = sorted(companies.items(), key=lambda item: not item[0])
        return self._page("people", companies=named)

    def box(self, address: str) -> str:
        return self._page("box", **self._box(address))

    def newest(self, address: str) -> str:
        return _newest(self.boxes.mails(address))

    def mail(
        self, address: str, mail_id: str, view: Literal["html", "text"] = "html", sent: bool = False, refused: str = ""
    ) -> str:
        mail = self._mail(address, mail_id)
        self.boxes.open(mail)
        facts = self._box(address)
        whole = next(one for one in showing.conversations(self.boxes.mails(address)) if mail in one.mails)
        everyone = reply(mail, Address("", address), everyone=True)
        return self._page(
            "mail",
            **facts,
            mail=mail,
            conversation=whole,
            view=view if mail.letter.html else "text",
            several=len(everyone.recipients) > 1,
            sent=sent,
            refused=[one for one in refused.split(",") if one],
        )

    def html(self, address: str, mail_id: str) -> HTMLResponse:
        letter = self._mail(address, mail_id).letter
        headers = {"Content-Security-Policy": showing.HTML_POLICY}
        return HTMLResponse(showing.harmless_html(letter), headers=headers)

    def source(self, address: str, mail_id: str) -> Response:
        return _download(File(f"mail-{mail_id}.eml", "message/rfc822", self._mail(address, mail_id).source))

    def file(self, address: str, mail_id: str, number: int) -> Response:
        files = self._mail(address, mail_id).letter.attachments
        if not 0 <= number < len(files):
            raise HTTPException(404)
        return _download(files[number])

    def form(self, address: str, how: How = "new", mail: str = "", to: str = "") -> str:
        answered = self._mail(address, mail) if mail else None
        draft = _draft(how, answered, self._me(address))
        shown = ", ".join(map(str, draft.to)) or to
        return self._form(address, how, answered, shown, ", ".join(map(str, draft.cc)), draft.subject, draft.text)

    def send(
        self,
        address: str,
        to: Annotated[str, Form()] = "",
        cc: Annotated[str, Form()] = "",
        subject: Annotated[str, Form()] = "",
        text: Annotated[str, Form()] = "",
        how: Annotated[How, Form()] = "new",
        mail: Annotated[str, Form()] = "",
        proof: Annotated[Proof, Form()] = "pass",
        kept: Annotated[list[int] | None, Form()] = None,
        files: list[UploadFile] | None = None,
    ) -> Response:
        answered = self._mail(address, mail) if mail else None
        base = _draft(how, answered, self._me(address))
        try:
            draft = replace(
                base,
                to=addresses(to),
                cc=addresses(cc),
                subject=subject,
                text=text,
                html="",
                files=(*(base.files[n] for n in kept or () if 0 <= n < len(base.files)), *_uploaded(files or [])),
            )
            if not draft.recipients:
                raise ValueError("Say to whom the mail shall go.")
        except ValueError as error:
            again = self._form(address, how, answered, to, cc, subject, text, proof=proof, error=str(error))
            return HTMLResponse(again, status_code=422)
        done = self.relay.hand_in(
            write(draft), address, draft.recipients, proven=proof == "pass", forged=proof == "fail"
        )
        query = urlencode({"sent": "true"} | ({"refused": ",".join(done.refused)} if done.refused else {}))
        return RedirectResponse(f"{_base(address)}/{done.copy.id}?{query}", status_code=303)

    def missing(self, _request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, AnyHTTPException) else 500
        text = "The mailboxes are kept in memory: they start empty with each run of the demo."
        return HTMLResponse(self._page("missing", heading="Nothing is here", text=text), status_code=status)

    def _page(self, name: str, **facts: object) -> str:
        return self.words.get_template(f"mailbox/{name}.html").render({"me": None, "people": self._people()} | facts)

    def _form(
        self,
        address: str,
        how: How,
        answered: Mail | None,
        to: str,
        cc: str,
        subject: str,
        text: str,
        *,
        proof: Proof = "pass",
        error: str = "",
    ) -> str:
        kept = answered.letter.attachments if answered and how == "forward" else ()
        said = {"to": to, "cc": cc, "subject": subject, "text": text, "proof": proof, "error": error}
        return self._page(
            "write", **self._box(address), **said, how=how, heading=HEADINGS[how], mail=answered, kept=kept
        )

    def _box(self, address: str) -> dict[str, object]:
        mails = self.boxes.mails(address)
        return {
            "me": self.boxes.owner(address) or Owner("", address.lower()),
            "base": _base(address),
            "conversations": showing.conversations(mails),
            "newest": _newest(mails),
        }

    def _people(self) -> list[dict[str, object]]:
        found = []
        for owner in self.boxes.owners():
            mails = self.boxes.mails(owner.address)
            new = sum(self.boxes.is_new(mail) for mail in mails)
            found.append({"owner": owner, "url": _base(owner.address), "new": new, "all": len(mails)})
        return found

    def _mail(self, address: str, mail_id: str) -> Mail:
        mail = self.boxes.mail(mail_id)
        if mail is None or mail.owner != address.lower():
            raise HTTPException(404)
        return mail

    def _me(self, address: str) -> Address:
        owner = self.boxes.owner(address)
        return Address(owner.name if owner else "", address)


async def _guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    origin = request.headers.get("origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.headers.get("host"):
        return PlainTextResponse("This form belongs to another site.", status_code=403)
    if int(request.headers.get("content-length") or 0) > MAX_FILES_BYTES:
        return PlainTextResponse("The files are too large for one mail.", status_code=413)
    response = await answer(request)
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _draft(how: How, mail: Mail | None, me: Address) -> Draft:
    if mail is None or how == "new":
        return Draft(me)
    if how == "forward":
        return forward(mail, me)
    return reply(mail, me, everyone=how == "all")


def _uploaded(files: list[UploadFile]) -> list[File]:
    # A browser sends one nameless empty file where none was chosen.
    named = [one for one in files if one.filename]
    return [File(one.filename or "", one.content_type or "", one.file.read(MAX_FILES_BYTES)) for one in named]


def _static(name: str) -> Callable[[], FileResponse]:
    path = Path(templates.__path__[0]) / STATIC[name] / name
    return lambda: FileResponse(path)


def _download(file: File) -> Response:
    # Never shown in this site's own origin: a file may be a page with a script in it.
    disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    kind = file.type if file.type.isascii() and file.type.isprintable() else "application/octet-stream"
    return Response(file.content, media_type=kind, headers={"Content-Disposition": disposition})


def _newest(mails: tuple[Mail, ...]) -> str:
    return mails[-1].id if mails else ""


def _base(address: str) -> str:
    return f"/box/{quote(address, safe='@')}"
