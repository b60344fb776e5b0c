"""Answers with pages: renders a template for one reader, after every session is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbound.web.sentences import sentence
from templates.catalogues import catalogue
from templates.environment import Reader, render
from templates.page_words import WRONG, event_msgid, field_msgid
from workflows.errors import Refusal

ENGLISH = Reader()

WORDS = {
    400: ("This form could not be read", "Please go back and try it again."),
    403: ("This is not yours to do", "Please use a link that was mailed to you, or sign in."),
    404: ("There is no such page", "Please use a link that was mailed to you, or sign in."),
    405: ("There is no such page", "Please use a link that was mailed to you, or sign in."),
    413: ("This is too large", "Please send fewer or smaller files, or answer the mail with them."),
    500: (
        "Something went wrong here",
        "It is our fault and we have been told. Nothing was done. Please try again later.",
    ),
    503: ("We cannot answer just now", "Nothing was done. Please try again in a minute."),
}


def page(name: str, reader: Reader, facts: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """The page `templates/pages/<name>.html` for *reader*."""
    translate = catalogue(reader.language).gettext

    def wrong(error: Any) -> str:
        return sentence(WRONG.get(error.code, error.code), error.params, reader)

    tools = {
        "wrong_words": wrong,
        "field_words": lambda field: translate(field_msgid(field)),
        "event_words": lambda event: translate(event_msgid(event)),
        "sentence": lambda said: sentence(said["text"], said["params"], reader),
    }
    return HTMLResponse(render(f"pages/{name}.html", reader, {**tools, **facts}), status)


def problem(status: int, reader: Reader = ENGLISH) -> HTMLResponse:
    """A page that says what went wrong, in words."""
    title, say = WORDS.get(status, WORDS[404 if status < 500 else 500])
    return page("problem", reader, {"title": title, "say": say}, status)


async def problem_page(_request: Request, status: int) -> Response:
    """The same for where no page answers."""
    return problem(status)


def go(path: str) -> RedirectResponse:
    """Send the browser on after a POST, so that going back and reloading do not post again."""
    return RedirectResponse(path, 303)


def status_of(refusal: Refusal) -> int:
    """The HTTP status that tells of a refusal."""
    return {"DocumentChanged": 409, "TransitionNotAllowed": 409, "NotTheirs": 403, "ProofMissing": 403}.get(
        type(refusal).__name__, 404 if type(refusal).__name__ == "NotFound" else 422
    )
