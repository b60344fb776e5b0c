"""What a setting may look like: each type checks its value, and says in words how it is written."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from store.trust import WAYS, Proof

ENDPOINT_ADVICE = "write it as https://host/path, as your provider documents it"
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*")


def is_domain(value: str) -> bool:
    """Whether *value* is a host or mail domain, in ASCII and lower case."""
    return _DOMAIN.fullmatch(value) is not None and len(value) <= 253


def _words(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _place(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError("write it as host:port, such as 127.0.0.1:2525 or [::]:25")
    return f"{host or '0.0.0.0'}:{int(port)}"  # noqa: S104 - the operator wrote ":25", which says every address


def _mail_place(value: str | None) -> str | None:
    if not value or value == "off":
        return None
    return value if value.startswith("unix:/") else _place(value)


def _domain(value: str) -> str:
    value = value.strip().lower().rstrip(".")
    if not is_domain(value):
        raise ValueError("write a domain alone, such as po.example.com, without @ and without a path")
    return value


def page_address(value: str) -> str:
    """The address of the pages, without its last slash; raises ValueError."""
    if not value:
        return value
    parts = _split(value, ("http", "https"), "write it as https://postroom.example.com")
    if parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError("write it without a path: https://postroom.example.com")
    return value.rstrip("/")


def relay_address(value: str) -> str:
    """The relay's address; raises ValueError."""
    parts = _split(value, ("smtp", "smtp+starttls", "smtps"), "write it as smtp://host:port")
    if parts.query not in ("", "auth=xoauth2") or (parts.query and not parts.username):
        raise ValueError("after the host only ?auth=xoauth2 may follow, and then a user is needed before it")
    return value


def _broker_address(value: str | None) -> str | None:
    if not value:
        return None
    _split(value, ("amqp", "amqps", "redis", "rediss"), "write it as amqp://user:password@host/ or redis://host/0")
    return value


def _imap_address(value: str | None) -> str | None:
    from inbound.errors import ImapAddressInvalid
    from inbound.imap_address import parse_imap

    if not value:
        return None
    try:
        parse_imap(value)
    except ImapAddressInvalid as error:
        raise ValueError(str(error)) from None
    return value


def _token_address(value: str) -> str:
    if value and _split(value, ("https", "http"), ENDPOINT_ADVICE).scheme == "http" and not _is_loopback(value):
        raise ValueError(ENDPOINT_ADVICE)  # a secret is sent there
    return value


def _is_loopback(value: str) -> bool:
    return urlsplit(value).hostname in ("127.0.0.1", "::1", "localhost")


def _database_address(value: str) -> str:
    if value and not value.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
        raise ValueError("write it as sqlite:////folder/file.db or postgresql+psycopg://user@host/name")
    return re.sub("^postgresql://", "postgresql+psycopg://", value)


def _blobs_address(value: str) -> str:
    if value and not value.startswith("file:///"):
        raise ValueError("write it as file:///folder")
    return value


def trust_of(words: tuple[str, ...]) -> dict[str, tuple[Proof, ...]]:
    """The proofs by way in; "" stands for every way that is not named. Raises ValueError."""
    found: dict[str, tuple[Proof, ...]] = {}
    for word in words:
        way, equals, proofs = word.rpartition("=")
        chosen = [proof.strip() for proof in proofs.lower().split("+")]
        if (equals and way.strip() not in WAYS) or not all(proof in tuple(Proof) for proof in chosen):
            raise ValueError(
                f"write it as smtp=verify,lmtp=relay+arc; the ways in are {', '.join(WAYS)}, the proofs"
                f" {', '.join(Proof)}"
            )
        found[way.strip()] = tuple(Proof(proof) for proof in chosen)
    return found


def _trust_of_ways(words: tuple[str, ...]) -> tuple[str, ...]:
    trust_of(words)
    return words


def _name_servers(words: tuple[str, ...]) -> tuple[str, ...]:
    places = []
    for word in words:
        host, colon, port = word.rpartition(":")
        bare = not colon or (word.count(":") > 1 and not word.startswith("["))
        host, port = (word, "53") if bare else (host, port)
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            raise ValueError("write it as 192.0.2.53 or 192.0.2.53:53, an address and no name") from None
        shown = f"[{address}]" if address.version == 6 else str(address)
        places.append(_place(f"{shown}:{port}"))
    return tuple(places)


def _ocr_languages(words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        if re.fullmatch(r"[A-Za-z]\w{1,30}", word, re.ASCII) is None:
            raise ValueError("write them as tesseract names them: eng, deu, fra")
    return words


def _topics(words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        if re.fullmatch(r"arn:(aws|aws-cn|aws-us-gov):sns:[a-z0-9-]{1,30}:\d{12}:[\w.-]{1,256}", word) is None:
            raise ValueError("write it as arn:aws:sns:eu-central-1:123456789012:name")
    return words


def _long_enough(value: SecretStr | None) -> SecretStr | None:
    if value is not None and len(value.get_secret_value().encode()) < 16:
        raise ValueError("a secret of at least 16 characters is needed; `openssl rand -hex 32` makes one")
    return value


def _split(value: str, schemes: tuple[str, ...], advice: str) -> SplitResult:
    """The parts of an address with one of *schemes* and a host."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ValueError(advice) from error
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise ValueError(advice)
    return parts


Strings = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
TrustOfWays = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_trust_of_ways)]
NameServers = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_name_servers)]
OcrLanguages = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_ocr_languages)]
Topics = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_topics)]
Place = Annotated[str, AfterValidator(_place)]
MailPlace = Annotated[str | None, AfterValidator(_mail_place)]
Domain = Annotated[str, AfterValidator(_domain)]
PageAddress = Annotated[str, AfterValidator(page_address)]
RelayAddress = Annotated[str, AfterValidator(relay_address)]
BrokerAddress = Annotated[str | None, AfterValidator(_broker_address)]
ImapAddress = Annotated[str | None, AfterValidator(_imap_address)]
TokenAddress = Annotated[str, AfterValidator(_token_address)]
DatabaseAddress = Annotated[str, AfterValidator(_database_address)]
BlobsAddress = Annotated[str, AfterValidator(_blobs_address)]
Secret = Annotated[SecretStr | None, AfterValidator(_long_enough)]
