"""Which organisation a mail domain belongs to, by the Public Suffix List (RFC 7489 section 3.2)."""

from __future__ import annotations

from functools import lru_cache

from publicsuffixlist import PublicSuffixList

_TENANTS = ("onmicrosoft.com",)
"""Names below which anybody may register, though the list does not have them."""


def domain_of(address: str) -> str:
    """The domain of *address*, lower-case; empty if it has none."""
    return address.rpartition("@")[2].strip("<> .").lower()


@lru_cache(maxsize=4_096)
def organisation(domain: str) -> str:
    """The domain that the organisation of *domain* registered; empty for a suffix that nobody owns alone."""
    domain = domain.lower().strip(".")
    if "." not in domain or domain in _TENANTS:
        return ""
    for shared in _TENANTS:
        if domain.endswith("." + shared):
            return ".".join(domain.split(".")[-shared.count(".") - 2 :])
    return _list().privatesuffix(domain) or ""


def aligned(checked: str, domain: str) -> bool:
    """Tell whether two domains belong to one organisation."""
    found = organisation(checked)
    return bool(found) and found == organisation(domain)


@lru_cache(maxsize=1)
def _list() -> PublicSuffixList:
    return PublicSuffixList()
