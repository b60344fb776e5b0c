"""A browser without a screen: follows links, keeps cookies, fills in the forms of a page as a person does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener
from uuid import uuid4

from lxml import html as lxml_html

from postroom.mailbox.mail import File, parsed, text_of
from templates.words import STEPS

MAX_PAGE = 20 * 1024 * 1024

Given = str | bool | File | Sequence[File] | Sequence[str]
"""What a person gives for one field: words or a choice, a tick, or files."""


class FormMismatch(Exception):
    """Raised when a person could not do this on the page: no such button or field, a choice not offered, a gap."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the server, after redirects."""

    url: str
    status: int
    type: str
    content: bytes

    @property
    def html(self) -> str:
        """The page's source."""
        return self.content.decode("utf-8", "replace")

    @property
    def text(self) -> str:
        """The words of the page."""
        return text_of(self.html)

    @property
    def document(self) -> lxml_html.HtmlElement:
        """The page as a tree, its links absolute."""
        tree = parsed(self.html)
        if tree is None:
            raise FormMismatch(f"{self.url} is an empty page.")
        tree.make_links_absolute(self.url)
        for area in tree.iter("textarea"):
            # HTML drops a line's end right after the tag; libxml2 does not.
            area.text = re.sub(r"^\r?\n", "", area.text or "")
        return tree

    @property
    def links(self) -> dict[str, str]:
        """The page's links: words to address."""
        return {" ".join(a.text_content().split()): a.get("href", "") for a in self.document.iter("a") if a.get("href")}

    @property
    def buttons(self) -> tuple[str, ...]:
        """What can be pressed, in the words on the buttons."""
        return tuple(_label(button) for form in self.document.forms for button in _buttons(form))


@dataclass(slots=True)
class Browser:
    """One browser with its cookies; answers of any status are pages, only a dead line is an error."""

    _opener: OpenerDirector = field(
        default_factory=lambda: build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    )

    def get(self, url: str) -> Page:
        """Open a link, as a click in a mail does."""
        return self._open(Request(_web(url), headers=_HEADERS))  # noqa: S310 - _web lets only http and https pass

    def head(self, url: str) -> int:
        """Ask for a link without its page, as scanners do; returns the status."""
        return self._open(Request(_web(url), headers=_HEADERS, method="HEAD")).status  # noqa: S310

    def press(self, page: Page, fields: Mapping[str, Given] | None = None, button: str = "") -> Page:
        """Fill in the form that has this button (its words, its name or a step; needless where it is alone)."""
        form, pressed = _form(page, button)
        files = _fill(form, fields or {})
        values = [(str(name), re.sub(r"\r\n|\r|\n", "\r\n", str(value))) for name, value in form.form_values()]
        if pressed is not None and pressed.get("name"):
            values.append((pressed.get("name", ""), pressed.get("value", "")))
        own = {} if pressed is None else pressed.attrib
        url = urljoin(page.url, own.get("formaction") or form.get("action") or page.url)
        if (own.get("formmethod") or form.get("method") or "get").lower() == "get":
            return self.get(f"{url.partition('?')[0]}?{urlencode(values)}")
        if "multipart/form-data" in (own.get("formenctype") or form.get("enctype") or ""):
            kind, body = _multipart(values, files)
        else:
            kind, body = "application/x-www-form-urlencoded", urlencode(values).encode()
        here = urlsplit(page.url)
        headers = _HEADERS | {"Content-Type": kind, "Origin": f"{here.scheme}://{here.netloc}"}
        return self._open(Request(_web(url), body, headers, method="POST"))  # noqa: S310

    def _open(self, request: Request) -> Page:
        try:
            answer = self._opener.open(request, timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            return Page(answer.url, answer.status, answer.headers.get_content_type(), answer.read(MAX_PAGE))


_HEADERS = {"User-Agent": "Mozilla/5.0 (mailbox)", "Accept": "text/html,*/*;q=0.8"}


def _direct() -> OpenerDirector:
    # No proxy: what is on loopback is asked directly, whatever the environment says.
    return build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))


def _web(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        raise FormMismatch(f"{url} is no address of a page.")
    return url


def _buttons(form: Any) -> list[Any]:
    return [
        one
        for one in form.iter("button", "input")
        if (one.get("type") or ("submit" if one.tag == "button" else "text")) in ("submit", "image")
        and one.get("disabled") is None
    ]


def _label(button: Any) -> str:
    words = button.get("value", "") if button.tag == "input" else button.text_content()
    return " ".join(words.split())


def _form(page: Page, wanted: str) -> tuple[Any, Any]:
    forms = list(page.document.forms)
    if not wanted and len(forms) == 1:
        return forms[0], next(iter(_buttons(forms[0])), None)
    all_buttons = [(form, button) for form in forms for button in _buttons(form)]
    found = [one for one in all_buttons if is_called(wanted, _label(one[1]), one[1].get("value"), one[1].get("name"))]
    found = found or [one for one in all_buttons if is_called(wanted, _label(one[1]), within=True)]
    if len(found) != 1:
        raise FormMismatch(f"{page.url} has {len(found)} buttons “{wanted}”; there are: {', '.join(page.buttons)}.")
    return found[0]


def is_called(wanted: str, *words: str | None, within: bool = False) -> bool:
    """Whether one of these words is the step or label that is wanted, or with `within` holds it."""
    names = {_plain(wanted), _plain(STEPS.get(wanted, wanted))} - {""}
    if within:
        return any(re.search(rf"\b{re.escape(name)}\b", _plain(word or "")) for name in names for word in words)
    return any(_plain(word or "") in names for word in words)


def _plain(words: str) -> str:
    return re.sub(r"[\s_]+", " ", words).strip(" .!→").casefold()


def _fill(form: Any, fields: Mapping[str, Given]) -> list[tuple[str, File]]:
    files: list[tuple[str, File]] = []
    for name, value in fields.items():
        if name not in form.fields:
            raise FormMismatch(f"The form has no field “{name}”; it has: {', '.join(sorted(form.fields.keys()))}.")
        one = form.inputs[name]
        kind = one.get("type", "text") if hasattr(one, "get") else "group"
        if kind == "file":
            given = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            files += [(name, file) for file in given if isinstance(file, File)]
            continue
        try:
            if kind == "checkbox":
                one.checked = bool(value)
            elif kind == "radio":
                one.checked = _offered(value, one.get("value"))
            elif kind == "group" and not isinstance(value, str) and isinstance(value, Sequence):
                one.value = set(value)
            else:
                one.value = value
        except (ValueError, KeyError, TypeError) as error:
            raise FormMismatch(f"The field “{name}” does not offer “{value}”.") from error
    _require(form, dict(files))
    # A browser sends an empty file for a field in which none was chosen.
    left = [one.name for one in form.inputs if one.get("type") == "file" and one.name and one.name not in dict(files)]
    return files + [(name, File("", "application/octet-stream", b"")) for name in left]


def _offered(value: object, only: object) -> bool:
    if value != only:
        raise ValueError(value)
    return True


def _require(form: Any, files: Mapping[str, File]) -> None:
    given = {str(name) for name, value in form.form_values() if str(value).strip()} | set(files)
    for one in form.inputs:
        if one.get("required") is not None and one.get("disabled") is None and one.name and one.name not in given:
            raise FormMismatch(f"The field “{one.name}” must be filled in.")


def _multipart(values: list[tuple[str, str]], files: list[tuple[str, File]]) -> tuple[str, bytes]:
    edge = uuid4().hex
    parts = [f'Content-Disposition: form-data; name="{_quoted(n)}"\r\n\r\n'.encode() + v.encode() for n, v in values]
    for name, file in files:
        head = f'Content-Disposition: form-data; name="{_quoted(name)}"; filename="{_quoted(file.name)}"'
        parts.append(f"{head}\r\nContent-Type: {file.type}\r\n\r\n".encode() + file.content)
    body = b"".join(b"--" + edge.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return f"multipart/form-data; boundary={edge}", body + b"--" + edge.encode() + b"--\r\n"


def _quoted(value: str) -> str:
    return value.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
