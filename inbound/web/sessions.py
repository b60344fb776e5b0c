"""The cookie of a signed-in browser, and the token that each of its forms must bring back."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response

from inbound.web.given import Given
from store.installation import Installation
from workflows.sign_in import SESSION_DAYS, SignedIn, session_of

COOKIE = "postroom"


def set_cookie(answer: Response, token: str, installation: Installation) -> Response:
    """Give the browser its session: no script reads it, no other site sends it with a form."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_DAYS * 86_400,
        httponly=True,
        samesite="lax",
        secure=installation.base_url.startswith("https:"),
        path="/",
    )
    return answer


def whose(request: Request) -> SignedIn | None:
    """Who is signed in in this browser."""
    token = request.cookies.get(COOKIE, "")
    return session_of(request.app.state.installation, token) if token else None


Whose = Annotated[SignedIn | None, Depends(whose)]


def own_form(signed_in: SignedIn, given: Given) -> None:
    """Refuse a form that does not come from a page of this session (403)."""
    if not hmac.compare_digest(given.text("form_token").encode(), signed_in.form_token.encode()):
        raise HTTPException(403)
