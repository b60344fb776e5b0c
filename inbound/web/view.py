"""Answers with pages: renders a template for one reader, after every session is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from templates.catalogues import catalogue
from templates.environment import Reader, render
from templates.page_words import RULES, WRONG, event_msgid, field_msgid
from templates.words import N_
from workflows.errors import Refusal

ENGLISH = Reader()

WORDS = {
    400: (N_("This form could not be read"), N_("Please go back and try it again.")),
    403: (N_("This is not yours to do"), N_("Please use a link that was mailed to you, or sign in.")),
    404: (N_("There is no such page"), N_("Please use a link that was mailed to you, or sign in.")),
    405: (N_("There is no such page"), N_("Please use a link that was mailed to you, or sign in.")),
    413: (N_("This is too large"), N_("Please send fewer or smaller files, or answer the mail with them.")),
    500: (
        N_("Something went wrong here"),
        N_("It is our fault and we have been told. Nothing was done. Please try again later."),
    ),
    503: (N_("We cannot answer just now"), N_("Nothing was done. Please try again in a minute.")),
}


def page(name: str, reader: Reader, facts: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """The page `templates/pages/<name>.html` for *reader*."""
    translate = catalogue(reader.language).gettext

    tools: dict[str, Any] = {
        "wrong_words": _wrong_words,
        "field_words": lambda field: translate(field_msgid(field)),
        "rule_words": lambda rule: translate(RULES.get(rule, rule)),
        "event_words": lambda event: translate(event_msgid(event)),
        "say": translate,
    }
    return HTMLResponse(render(f"pages/{name}.html", reader, {**tools, **facts}), status)


def _wrong_words(error: Any) -> dict[str, Any]:
    """The sentence that tells what is wrong with a field."""
    code, params = (error["code"], error.get("params")) if isinstance(error, Mapping) else (error.code, error.params)
    return {"text": WRONG.get(code, code), "params": params or {}}


def problem(status: int, reader: Reader = ENGLISH) -> HTMLResponse:
    """A page that says what went wrong, in words."""
    title, say = WORDS.get(status, WORDS[404 if status < 500 else 500])
    return page("problem", reader, {"title": title, "told": say}, status)


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
