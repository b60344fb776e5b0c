"""The addresses of the webhooks: what one may bring, and how each service is told what became of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser

from inbound.web.guard import BodyTooLarge
from inbound.web.hooks import mailgun, postmark, ses, sns
from inbound.web.hooks.taking import Hooks, Taken, log

Work = Callable[[bytes], Awaitable[Taken]]

_USUAL = {
    Taken.KEPT: 200,
    Taken.FORGED: 403,
    Taken.UNREADABLE: 400,
    Taken.NOT_OURS: 404,
    Taken.TOO_LARGE: 413,
    Taken.AWAY: 503,
}
_FOR_GOOD = (Taken.UNREADABLE, Taken.NOT_OURS, Taken.TOO_LARGE)
GIVES_UP: Mapping[str, int] = {mailgun.WAY: 406, postmark.WAY: 403}
"""The code after which a service does not try again, where it is not any 4xx."""
FORGED: Mapping[str, int] = {postmark.WAY: 401}
"""A secret that was mistyped, or changed here first, must not cost a mail: Postmark tries no more after a 403."""


class Endpoints:
    """The webhooks that are switched on, as routes."""

    def __init__(self, hooks: Hooks) -> None:
        self.hooks = hooks
        self.router = APIRouter()
        self._certificates = sns.Certificates(hooks.fetch)
        self._held = 0
        if hooks.mailgun_key:
            for path in ("/in/mailgun", "/in/mailgun/mime"):  # raw mail goes to addresses that end with mime
                self.router.add_api_route(path, self.mailgun, methods=["POST"])
        if hooks.postmark_secret:
            self.router.add_api_route("/in/postmark", self.postmark, methods=["POST"])
            self.router.add_api_route("/in/postmark/{secret}", self.postmark_path, methods=["POST"])
        if hooks.ses_topics:
            self.router.add_api_route("/in/ses", self.ses, methods=["POST"])

    async def mailgun(self, request: Request) -> Response:
        """A mail of a Mailgun route."""

        async def work(body: bytes) -> Taken:
            try:
                fields = await _fields(request.headers, body, self.hooks.largest)
            except ValueError:
                return Taken.UNREADABLE
            return await run_in_threadpool(mailgun.take, self.hooks, fields)

        return await self._answer(request, mailgun.WAY, self.hooks.largest, work)

    async def postmark(self, request: Request) -> Response:
        """A mail of Postmark's; the secret is the password of its address."""
        return await self._of_postmark(request, "")

    async def postmark_path(self, request: Request, secret: str) -> Response:
        """A mail of Postmark's; the secret is the last part of its address."""
        return await self._of_postmark(request, secret)

    async def ses(self, request: Request) -> Response:
        """A message of SNS."""

        async def work(body: bytes) -> Taken:
            return await run_in_threadpool(ses.take, self.hooks, body, self._certificates)

        return await self._answer(request, ses.WAY, ses.LARGEST, work)

    async def _of_postmark(self, request: Request, secret: str) -> Response:
        if not postmark.knows_secret(self.hooks, request.headers.get("authorization", ""), secret):
            return _told(postmark.WAY, Taken.FORGED)

        async def work(body: bytes) -> Taken:
            return await run_in_threadpool(postmark.take, self.hooks, body)

        return await self._answer(request, postmark.WAY, self.hooks.largest, work)

    async def _answer(self, request: Request, way: str, most: int, work: Work) -> Response:
        """Read the body within limits and do the work; a service is asked to come again while too much is in hand."""
        said = request.headers.get("content-length", "")
        size = int(said) if said.isascii() and said.isdigit() and len(said) < 20 else most
        if size > most:
            raise BodyTooLarge(most)
        if self._held + size > self.hooks.memory:
            return _told(way, Taken.AWAY)
        self._held += size
        try:
            body = bytearray()
            async for chunk in request.stream():
                body += chunk
                if len(body) > size:
                    raise BodyTooLarge(most)
            return _told(way, await work(bytes(body)))
        finally:
            self._held -= size


async def _fields(headers: Headers, body: bytes, most: int) -> dict[str, str]:
    """The fields of a form, each character a byte; raises ValueError."""
    kind = headers.get("content-type", "")
    if not kind.lstrip().lower().startswith("multipart/form-data"):
        return mailgun.fields_of(body)

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    plain = Headers({"content-type": f"{kind}; charset=latin-1"})
    parser = MultiPartParser(plain, stream(), max_files=20, max_fields=mailgun.MOST_FIELDS, max_part_size=most)
    try:
        form = await parser.parse()
    except (MultiPartException, LookupError, AssertionError) as error:
        raise ValueError("this form could not be read") from error
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, value)
        else:
            fields.setdefault(name, (await value.read()).decode("latin-1"))
    await form.close()
    return fields


def _told(way: str, taken: Taken) -> Response:
    status = (GIVES_UP if taken in _FOR_GOOD else FORGED if taken is Taken.FORGED else {}).get(way, _USUAL[taken])
    if taken is not Taken.KEPT:
        log.warning("hook_refused", way=way, why=taken.value, status=status)
    more = {"Retry-After": "60"} if taken is Taken.AWAY else {}
    return PlainTextResponse(taken.value, status, headers=more)
