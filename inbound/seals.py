"""Checks the signatures in a mail's head: DKIM (RFC 6376) and the ARC chain (RFC 8617), with keys from the DNS."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import dkim
import structlog
from dkim.util import InvalidTagValueList, parse_tag_value

from inbound.auth_results import Result
from inbound.digest import split_source, with_lf
from inbound.domains import aligned
from inbound.errors import NameServerAway
from inbound.names import Names

log = structlog.get_logger()

LONGEST_HEAD = 256 * 1024
LONGEST_SIGNATURE = 4 * 1024
"""The expressions that check a signature are slow on long ones; true ones have a few hundred characters."""
LONGEST_KEY = 2 * 1024
SIGNATURES = 3
"""Signatures of the author's organisation that are tried."""
SEALS = 10
_NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]+)[ \t]*:")
_SPACES = re.compile(rb"[ \t]+")
_COLON = re.compile(rb"\s*:\s*")

_QUIET = logging.getLogger("dkimpy")
_QUIET.disabled = True  # it logs keys and addresses


@dataclass(frozen=True, slots=True)
class Signed:
    """A mail as its signatures see it: header fields with CRLF at their ends, the body with CRLF line ends."""

    fields: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def named(self, name: bytes) -> list[bytes]:
        """The values of the fields of this name, topmost first."""
        return [value for found, value in self.fields if found.lower() == name]


def signed(source: bytes) -> Signed | None:
    """What the signatures of *source* may cover; None when its head is longer than anybody's."""
    head, body = split_source(source)
    if len(head) > LONGEST_HEAD:
        return None
    fields: list[tuple[bytes, list[bytes]]] = []
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line + b"\r\n")
        elif found := _NAME.match(line):
            fields.append((found[1], [line[found.end() :] + b"\r\n"]))
    whole = tuple((name, b"".join(lines)) for name, lines in fields)
    return Signed(whole, with_lf(body).replace(b"\n", b"\r\n"))


def dkim_results(mail: Signed, domain: str, names: Names) -> Iterator[Result]:
    """Check the signatures of the organisation of *domain*, one by one; the others prove nothing about the author."""
    tried = 0
    for at, value in enumerate(mail.named(b"dkim-signature")[:50]):
        tags = _tags(value)
        signer = tags.get(b"d", b"").decode("ascii", "replace").lower()
        if not aligned(signer, domain):
            continue
        tried += 1
        if tried > SIGNATURES:
            return
        properties = {"header.d": signer}
        if b"l" in tags or b"from" not in _COLON.split(tags.get(b"h", b"").lower()):
            yield Result("dkim", "policy", properties)  # what it leaves out, anybody may have added
            continue
        checker = dkim.DKIM(logger=_QUIET)
        checker.headers, checker.body = [list(field) for field in mail.fields], _body(mail, tags)
        try:
            passed = checker.verify(idx=at, dnsfunc=_keys(names))
        except NameServerAway:
            yield Result("dkim", "temperror", properties)
        except dkim.DKIMException:
            yield Result("dkim", "fail", properties)
        except Exception as error:  # noqa: BLE001 - whatever a hostile key provokes, it proves nothing
            log.info("signature_not_checked", error=type(error).__name__)
            yield Result("dkim", "permerror", properties)
        else:
            yield Result("dkim", "pass" if passed else "fail", properties)


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of an ARC chain that holds: who sealed it, and what they had found."""

    sealer: str
    found: str


def arc_chain(mail: Signed, names: Names) -> list[Seal]:
    """The chain's seals, the latest first; empty when there is none or it does not hold. Raises `NameServerAway`."""
    sets = [mail.named(name) for name in (b"arc-seal", b"arc-message-signature", b"arc-authentication-results")]
    if not sets[0] or any(len(values) > SEALS for values in sets):
        return []
    if any(len(value) > LONGEST_SIGNATURE for value in (*sets[0], *sets[1])):
        return []
    signatures = [_tags(value) for value in sets[1]]
    latest = max(signatures, key=lambda tags: _number(tags.get(b"i", b"0")), default={})
    if b"l" in latest or b"from" not in _COLON.split(latest.get(b"h", b"").lower()):
        return []
    checker = dkim.ARC(logger=_QUIET)
    checker.headers, checker.body = [list(field) for field in mail.fields], _body(mail, latest)
    try:
        holds, links, _why = checker.verify(dnsfunc=_keys(names))
    except NameServerAway:
        raise
    except dkim.DKIMException:
        return []
    except Exception as error:  # noqa: BLE001 - as above
        log.info("arc_not_checked", error=type(error).__name__)
        return []
    if holds != dkim.CV_Pass:
        return []
    seals = []
    for link in links:
        sealer, signer = (link[name].decode("ascii", "replace").lower() for name in ("as-domain", "ams-domain"))
        if not aligned(sealer, signer):
            break
        found = link["aar-value"].decode("utf-8", "replace").partition(";")[2]
        seals.append(Seal(sealer, " ".join(found.split())))
    return seals


def _body(mail: Signed, tags: dict[bytes, bytes]) -> bytes:
    """The body; for `relaxed` with its runs of spaces made one, else dkimpy takes quadratic time over them."""
    relaxed = tags.get(b"c", b"simple").partition(b"/")[2].strip() == b"relaxed"
    return _SPACES.sub(b" ", mail.body) if relaxed else mail.body


def _tags(value: bytes) -> dict[bytes, bytes]:
    if len(value) > LONGEST_SIGNATURE:
        return {}
    try:
        return dict(parse_tag_value(value.replace(b"\r\n", b"")))
    except InvalidTagValueList:
        return {}


def _number(digits: bytes) -> int:
    return int(digits) if digits.isdigit() and len(digits) < 4 else 0


def _keys(names: Names) -> Callable[..., bytes | None]:
    def key(name: bytes, timeout: float = 0) -> bytes | None:  # noqa: ARG001
        found = names.texts(name.decode("ascii", "replace").rstrip("."))
        return found[0] if found and len(found[0]) <= LONGEST_KEY else None

    return key
