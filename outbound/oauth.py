"""Access tokens for mail servers that want XOAUTH2: asked of the token endpoint, kept until shortly before they end."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from outbound.errors import TokenRefused

SPARE_SECONDS = 120
"""A token is renewed so long before it ends."""
TIMEOUT = 20
LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """What the token endpoint knows us by (RFC 6749); with a refresh token it is used, else the client's own grant."""

    token_url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""

    def asked(self) -> dict[str, str]:
        """The form that the token endpoint is sent."""
        form = {"client_id": self.client_id, "client_secret": self.client_secret, "scope": self.scope}
        if self.refresh_token:
            form |= {"grant_type": "refresh_token", "refresh_token": self.refresh_token}
        else:
            form |= {"grant_type": "client_credentials"}
        return {name: value for name, value in form.items() if value}


class AccessTokens:
    """The access token of one client, for all threads."""

    def __init__(self, client: OAuthClient) -> None:
        self._client = client
        self._guard = threading.Lock()
        self._token = ""
        self._ends = 0.0

    def token(self) -> str:
        """A token that is good for some time; raises `TokenRefused` when none can be had."""
        with self._guard:
            if not self._token or time.monotonic() >= self._ends:
                self._token, lasts = _ask(self._client)
                self._ends = time.monotonic() + max(lasts - SPARE_SECONDS, 0)
            return self._token

    def forget(self, token: str) -> None:
        """Ask for another one next time: a server did not take *token*."""
        with self._guard:
            if self._token == token:
                self._token = ""


def xoauth2(user: str, token: str) -> str:
    """The first answer of the XOAUTH2 mechanism, as Google and Microsoft describe it."""
    return f"user={user}\1auth=Bearer {token}\1\1"


def _ask(client: OAuthClient) -> tuple[str, float]:
    form = urllib.parse.urlencode(client.asked()).encode("ascii")
    request = urllib.request.Request(client.token_url, form, {"Accept": "application/json"})  # noqa: S310 - settings
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            said = json.loads(answer.read(LARGEST))
        return str(said["access_token"]), float(said.get("expires_in", 300))
    except urllib.error.HTTPError as error:
        raise TokenRefused(f"the token endpoint answered {error.code}{_why(error)}") from error
    except OSError as error:
        raise TokenRefused(f"the token endpoint does not answer ({_reason(error)})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TokenRefused("the token endpoint answered without a token") from error


def _why(error: urllib.error.HTTPError) -> str:
    """The `error` word of the answer (RFC 6749, section 5.2); its description may name people."""
    try:
        word = json.loads(error.read(LARGEST))["error"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return f" {word[:60]}" if isinstance(word, str) and word.replace("_", "").isalnum() else ""


def _reason(error: OSError) -> str:
    return str(getattr(error, "reason", "") or error.strerror or type(error).__name__)[:200]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The form holds a secret: it goes to the address in the settings and to no other."""

    def redirect_request(self, *_args: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)
