"""Checks whether a machine may send for a domain: SPF (RFC 7208), with records from the DNS."""

from __future__ import annotations

import ipaddress
import warnings
from typing import Any

import structlog

from inbound.auth_results import Result
from inbound.domains import domain_of
from inbound.errors import NameServerAway
from inbound.names import Names

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of escapes in its docstrings, which newer Pythons print on first import
    import spf

log = structlog.get_logger()


def spf_result(peer: str | None, helo: str | None, sender: str, names: Names) -> Result:
    """What SPF says of *peer* for the envelope *sender*, or for its HELO name where there is none.

    A peer of our own network is a relay of ours: that it may not send for a stranger says nothing.
    """
    properties = {"smtp.mailfrom": sender} if sender else {"smtp.helo": helo or ""}
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return Result("spf", "none", properties)
    if not domain_of(sender or helo or ""):
        return Result("spf", "none", properties)
    try:
        result, _code, _why = _Query(str(address), sender, helo or "", names).check()
    except NameServerAway:
        result = "temperror"
    except Exception as error:  # noqa: BLE001 - whatever a hostile record provokes, it proves nothing
        log.info("spf_not_checked", error=type(error).__name__)
        result = "permerror"
    if result != "pass" and address.is_private:
        result = "none"
    return Result("spf", str(result), properties)


class _Query(spf.query):  # type: ignore[misc]
    """A check by pyspf that asks our name servers."""

    def __init__(self, peer: str, sender: str, helo: str, names: Names) -> None:
        super().__init__(i=peer, s=sender, h=helo)
        self._names = names

    def get_explanation(self, spec: str) -> None:
        """A refused sender's own words are not asked for."""

    def dns(self, name: Any, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[Any]:  # noqa: ARG002
        """The records in pyspf's form; a domain that leads to nothing too often is at fault (RFC 7208 4.6.4)."""
        found = [_as_pyspf(record, qtype) for record in self._names.ask(str(name).rstrip("."), qtype)]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError(f"Void lookup limit of {spf.MAX_VOID_LOOKUPS} exceeded")
        return found


def _as_pyspf(record: Any, kind: str) -> Any:
    if kind == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    if kind == "PTR":
        return record.target.to_text(omit_final_dot=True)
    return record.strings if kind in ("TXT", "SPF") else record.address
