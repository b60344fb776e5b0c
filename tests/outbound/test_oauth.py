"""Logins by token: asked for once, kept, asked for again when refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from outbound.errors import RelayAway, TokenRefused
from outbound.oauth import AccessTokens, OAuthClient
from outbound.relay import Relay
from tests.outbound.sink import Sink, free_port


class Endpoint:
    """A token endpoint that gives out `token-1`, `token-2`, and so on, unless `answer` says otherwise."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.answer: tuple[int, bytes] | None = None
        self.lasts = 3600
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append(parse_qs(body.decode()))
                token = {"access_token": f"token-{len(endpoint.asked)}", "expires_in": endpoint.lasts}
                code, said = endpoint.answer or (200, json.dumps(token).encode())
                self.send_response(code)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/token"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A token endpoint on the loopback."""
    endpoint = Endpoint()
    yield endpoint
    endpoint.server.shutdown()
    endpoint.server.server_close()


def test_a_token_is_asked_for_once_and_kept(endpoint: Endpoint) -> None:
    """In the client's own name, with its scope; after it was refused somewhere another one is asked for."""
    tokens = AccessTokens(OAuthClient(endpoint.url, "us", "hush", scope="mail"))
    assert [tokens.token(), tokens.token()] == ["token-1", "token-1"]
    tokens.forget("token-0")
    assert tokens.token() == "token-1"
    tokens.forget("token-1")
    assert tokens.token() == "token-2"
    assert endpoint.asked[0] == {
        "client_id": ["us"], "client_secret": ["hush"], "scope": ["mail"], "grant_type": ["client_credentials"],
    }  # fmt: skip


def test_a_token_that_ends_soon_is_not_kept(endpoint: Endpoint) -> None:
    """With a refresh token it is asked for in the person's name."""
    endpoint.lasts = 60
    tokens = AccessTokens(OAuthClient(endpoint.url, "us", refresh_token="again"))
    assert [tokens.token(), tokens.token()] == ["token-1", "token-2"]
    assert endpoint.asked[0]["grant_type"] == ["refresh_token"]
    assert endpoint.asked[0]["refresh_token"] == ["again"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((400, b'{"error": "invalid_grant", "error_description": "ana@example.com"}'), "400 invalid_grant"),
        ((302, b""), "302"),
        ((500, b"<html>"), "500"),
        ((200, b"no json"), "without a token"),
        ((200, b"[]"), "without a token"),
    ],
)
def test_an_endpoint_that_gives_none_is_named_in_words(
    endpoint: Endpoint, answer: tuple[int, bytes], words: str
) -> None:
    """The reason, but nobody's address; and no redirect takes the secret elsewhere."""
    endpoint.answer = answer
    with pytest.raises(TokenRefused, match=words) as caught:
        AccessTokens(OAuthClient(endpoint.url, "us", "hush")).token()
    assert "ana@" not in str(caught.value)
    assert "hush" not in str(caught.value)


class TokenSink(Sink):
    """A relay that lets in who shows the token `good`."""

    good = "token-2"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        said = base64.b64decode(args[1]).decode()
        if said == f"user=orders@example.com\1auth=Bearer {self.good}\1\1":
            return AuthResult(success=True, handled=True)
        await server.push("334 " + base64.b64encode(b'{"status":"401"}').decode())
        assert server.transport is not None
        await server._reader.readline()
        await server.push("535 5.7.3 Authentication unsuccessful")
        return AuthResult(success=False, handled=True)


def test_the_relay_lets_us_in_by_token(endpoint: Endpoint) -> None:
    """One that it does not take is forgotten, so that the next try brings a fresh one."""
    sink = TokenSink()
    server = Controller(
        sink, hostname="127.0.0.1", port=free_port(), auth_require_tls=False, auth_required=True,
    )  # fmt: skip
    server.start()
    tokens = AccessTokens(OAuthClient(endpoint.url, "us", "hush"))
    url = f"smtp://orders%40example.com@127.0.0.1:{server.port}?auth=xoauth2"
    relay = Relay(url, timeout=5, tokens=tokens)
    try:
        with pytest.raises(RelayAway, match="535"):
            relay.send("a@example.com", "b@example.com", b"Subject: x\r\n\r\nx\r\n")
        relay.send("a@example.com", "b@example.com", b"Subject: x\r\n\r\nx\r\n")
    finally:
        relay.close()
        server.stop()
    assert len(sink.box) == 1


def test_a_relay_waits_while_no_token_can_be_had(endpoint: Endpoint) -> None:
    """It counts as away, so notices wait and go later."""
    endpoint.answer = (503, b"")
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    relay = Relay(
        f"smtp://u@127.0.0.1:{server.port}?auth=xoauth2", tokens=AccessTokens(OAuthClient(endpoint.url, "us"))
    )
    try:
        with pytest.raises(RelayAway, match="token endpoint answered 503"):
            relay.send("a@example.com", "b@example.com", b"x\r\n")
        assert relay.away
    finally:
        relay.close()
        server.stop()
