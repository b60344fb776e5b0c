"""Asks name servers (RFC 1035): so many questions and seconds for one mail, answers remembered for all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver

from inbound.errors import NameServerAway

SECONDS = 8.0
QUESTIONS = 40
_REMEMBERED = 2_000


class Names:
    """The name servers, for one mail: more than *questions* or *seconds* in all, and they count as away."""

    def __init__(self, servers: Sequence[str] = (), seconds: float = SECONDS, questions: int = QUESTIONS) -> None:
        self._servers = tuple(servers)
        self._until = time.monotonic() + seconds
        self._questions = questions

    def ask(self, name: str, kind: str) -> list[Any]:
        """The records of *kind* at *name*, empty when there are none; raises `NameServerAway`."""
        left = self._until - time.monotonic()
        self._questions -= 1
        if left <= 0 or self._questions < 0:
            raise NameServerAway(name)
        try:
            answer = _resolver(self._servers).resolve(name, kind, raise_on_no_answer=False, lifetime=left, search=False)
        except dns.resolver.NXDOMAIN:
            return []
        except (dns.resolver.NoNameservers, dns.exception.Timeout, dns.resolver.NoResolverConfiguration, OSError):
            raise NameServerAway(name) from None
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return []  # no name that anybody could ask for
        return list(answer.rrset or ())

    def texts(self, name: str) -> list[bytes]:
        """The TXT records at *name*, the strings of each joined."""
        return [b"".join(record.strings) for record in self.ask(name, "TXT")]


@lru_cache(maxsize=8)
def _resolver(servers: tuple[str, ...]) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not servers)
    if servers:
        places = [server.rpartition(":") for server in servers]
        resolver.nameservers = [dns.nameserver.Do53Nameserver(host.strip("[]"), int(port)) for host, _, port in places]
    resolver.cache = dns.resolver.LRUCache(_REMEMBERED)
    resolver.timeout = 2.0
    return resolver
