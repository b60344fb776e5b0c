"""Asks the machine's name server where mail for a domain goes (RFC 5321 section 5), for `postroom doctor`."""

from __future__ import annotations

from inbound.errors import NameServerAway
from inbound.names import Names


def lookup(domain: str, server: tuple[str, int] | None = None, timeout: float = 3) -> list[str] | None:
    """The hosts that take mail for *domain*, best first; empty when there are none, None when nobody could say."""
    servers = (f"{server[0]}:{server[1]}",) if server else ()
    try:
        records = Names(servers, timeout).ask(domain, "MX")
    except NameServerAway:
        return None
    found = sorted((record.preference, record.exchange.to_text(omit_final_dot=True)) for record in records)
    return [host for _, host in found if host != "."]  # a lone dot says "no mail here" (RFC 7505)
