"""Stands before every page: limits on bodies, headers on every answer, a log and figures without tokens."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from traceback import format_tb
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.conflicts import away

log = structlog.get_logger()

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

ANSWERED = Counter("postroom_pages_total", "Pages answered.", ["page", "method", "status"])
TOOK = Histogram("postroom_page_seconds", "Time to answer a page, in seconds.", ["page"])
DEEPEST = 12
"""Frames of a failure that the log shows."""
METHODS = frozenset(("GET", "HEAD", "POST"))


class BodyTooLarge(Exception):
    """Raised while a body is read that is longer than allowed; `limit` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The form is larger than {limit} bytes.")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may bring, in bytes and counts."""

    form: int = 2 * 1024 * 1024
    upload: int = 26 * 1024 * 1024
    fields: int = 12_000
    files: int = 20
    field: int = 256 * 1024


LIMITS = Limits()

Problem = Callable[[Request, int], Awaitable[Response]]


class Guard:
    """The outermost application: whatever happens inside, the answer is a page with our headers and no traceback."""

    def __init__(self, app: ASGIApp, problem: Problem, limits: Limits = LIMITS, hook: int = 0) -> None:
        self.app = app
        self.problem = problem
        self.limits = limits
        self.hook = hook
        """Bytes that a webhook may bring, which has narrower limits of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if scope["method"] == "POST" and Headers(scope=scope).get("sec-fetch-site") == "cross-site":
                # Our forms are posted from our pages only; a browser says when another site's page posts one.
                await self._answer(403, scope, receive, sending)
                return
            await self.app(scope, self._limited(scope, receive), sending)
        except BodyTooLarge:
            if not status:
                await self._answer(413, scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - our own fault, whatever it is: logged, and told in a sentence
            log.error("page_failed", page=page_of(scope), error=type(error).__name__, where=where(error))
            if not status:
                await self._answer(503 if away(error) else 500, scope, receive, sending)
        finally:
            page, method = page_of(scope), scope["method"] if scope["method"] in METHODS else "other"
            seconds = time.perf_counter() - began
            ANSWERED.labels(page, method, str(status)).inc()
            TOOK.labels(page).observe(seconds)
            log.info("page", page=page, method=method, status=status, ms=round(seconds * 1000, 1))

    async def _answer(self, status: int, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self.problem(Request(scope, receive), status)
        await answer(scope, receive, send)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        multipart = headers.get("content-type", "").lstrip().lower().startswith("multipart/")
        limit = self.limits.upload if multipart else self.limits.form
        if scope["path"].startswith("/in/"):
            limit = max(limit, self.hook)
        announced = headers.get("content-length", "")
        taken = int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 20 else 0

        async def limited() -> Message:
            nonlocal taken
            if taken > limit:
                raise BodyTooLarge(limit)
            message = await receive()
            if not announced:
                taken += len(message.get("body", b""))
                if taken > limit:
                    raise BodyTooLarge(limit)
            return message

        return limited


def page_of(scope: Scope) -> str:
    """The page's pattern (`/l/{token}`), never its path: tokens stand in no log and no figure."""
    route: Any = scope.get("route")
    return getattr(route, "path", None) or "other"


def where(error: BaseException) -> str:
    """The lines of code through which *error* came, without its message and any value: they may be words or tokens."""
    return "".join(format_tb(error.__traceback__)[-DEEPEST:])
