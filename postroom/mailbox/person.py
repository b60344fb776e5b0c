"""A person of the demo: reads, answers and forwards mails, follows their links and fills in pages."""

import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from postroom.mailbox.browser import Browser, Given, Page, is_called
from postroom.mailbox.mail import Address, File, Mail, parsed
from postroom.mailbox.mailboxes import Mailboxes, MailMissing
from postroom.mailbox.relay import HandedIn, Relay
from postroom.mailbox.writing import Draft, addresses, forward, reply, write

NOTICE_HEADER = "X-Postroom-Notice"


class MailRefused(Exception):
    """Raised when a recipient of a person's mail was refused."""

    def __init__(self, refused: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{address}: {answer}" for address, answer in refused.items()))
        self.refused = refused


class LinkMissing(Exception):
    """Raised when a mail has no link of this name, or several that lead to different places."""


class Person:
    """Somebody with a mailbox; every method is one thing that a person does with a mail program or a browser.

    `attach` takes paths or `File`s. `wait` goes through the mailbox in order: each mail is found once.
    """

    def __init__(self, name: str, address: str, mailboxes: Mailboxes, relay: Relay, *, signature: str = "") -> None:
        self.name = name
        self.address = address
        self.signature = signature or name
        self.browser = Browser()
        self._mailboxes = mailboxes
        self._relay = relay
        self._found: set[str] = set()

    @property
    def inbox(self) -> tuple[Mail, ...]:
        """The mails that came in, oldest first."""
        return tuple(mail for mail in self._mailboxes.mails(self.address) if not mail.sent)

    def wait(self, subject: str = "", notice: str = "", text: str = "", timeout: float = 20.0) -> Mail:
        """The next mail not yet found whose subject and text contain these words and that is this notice."""

        def wanted(mail: Mail) -> bool:
            letter = mail.letter
            return (
                mail.id not in self._found
                and subject.casefold() in letter.subject.casefold()
                and (not notice or letter.header(NOTICE_HEADER) == notice)
                and text.casefold() in " ".join(letter.text.split()).casefold()
            )

        mail = self._mailboxes.wait_for(self.address, wanted, timeout)
        self._found.add(mail.id)
        self._mailboxes.open(mail)
        return mail

    def has(self, subject: str = "", text: str = "") -> bool:
        """Whether such a mail is there now."""
        try:
            self._mailboxes.wait_for(
                self.address,
                lambda mail: (
                    subject.casefold() in mail.letter.subject.casefold()
                    and text.casefold() in " ".join(mail.letter.text.split()).casefold()
                ),
                timeout=0,
            )
        except MailMissing:
            return False
        return True

    def write(
        self, to: str, subject: str, text: str, attach: Iterable[Path | File] = (), *, cc: str = "", proven: bool = True
    ) -> HandedIn:
        """Send a new mail; MailRefused where a recipient was refused."""
        draft = Draft(self._me, addresses(to), addresses(cc), subject, self._signed(text))
        return self._send(draft, attach, proven)

    def reply(
        self,
        mail: Mail,
        text: str,
        attach: Iterable[Path | File] = (),
        *,
        quote: bool = True,
        everyone: bool = False,
        cc: str = "",
        proven: bool = True,
    ) -> HandedIn:
        """Answer a mail above its quote, to all with `everyone`; MailRefused where a recipient was refused."""
        draft = reply(mail, self._me, self._signed(text), everyone=everyone, quote=quote)
        return self._send(replace(draft, cc=(*draft.cc, *addresses(cc))), attach, proven)

    def forward(
        self,
        mail: Mail,
        to: str,
        text: str = "",
        attach: Iterable[Path | File] = (),
        *,
        whole: bool = False,
        proven: bool = True,
    ) -> HandedIn:
        """Hand a mail on with its files, or `whole` as an attached message; MailRefused where it was refused."""
        draft = forward(mail, self._me, addresses(to), self._signed(text) if text else "", whole=whole)
        return self._send(draft, attach, proven)

    def link(self, mail: Mail, step: str) -> str:
        """The address behind the link of a mail whose words are, or else contain, the step's name or its label."""
        tree = parsed(mail.letter.html)
        anchors = [] if tree is None else [a for a in tree.iter("a") if a.get("href")]
        found: list[tuple[str, str]] = [(str(a.text_content()), str(a.get("href"))) for a in anchors]
        found = found or re.findall(r"(?m)^[^\w\n]*([^\n:<>]*?):?\s*<?(https?://[^\s<>]+)", mail.letter.text)
        links = (
            {href for words, href in found if is_called(step, words)}
            or {href for words, href in found if is_called(step, words, within=True)}
            or {href for _, href in found if step in href}
        )
        if len(links) != 1:
            there = ", ".join(" ".join(words.split()) for words, _ in found) or "none"
            raise LinkMissing(f"“{mail.letter.subject}” has {len(links)} links “{step}”; its links are: {there}.")
        return links.pop()

    def click(self, link: str) -> Page:
        """Open a link; it changes nothing until something is pressed."""
        return self.browser.get(link)

    def press(self, page: Page, fields: Mapping[str, Given] | None = None, button: str = "") -> Page:
        """Fill in the form of a page and press its button; FormMismatch where a person could not."""
        return self.browser.press(page, fields, button)

    @property
    def _me(self) -> Address:
        return Address(self.name, self.address)

    def _signed(self, text: str) -> str:
        return f"{text.strip()}\n\n-- \n{self.signature}"

    def _send(self, draft: Draft, attach: Iterable[Path | File], proven: bool) -> HandedIn:
        draft = replace(draft, files=(*draft.files, *(_file(one) for one in attach)))
        handed_in = self._relay.hand_in(write(draft), self.address, draft.recipients, proven=proven)
        if handed_in.refused:
            raise MailRefused(handed_in.refused)
        return handed_in


def _file(one: Path | File) -> File:
    if isinstance(one, File):
        return one
    kind = mimetypes.guess_type(one.name)[0] or "application/octet-stream"
    return File(one.name, kind, one.read_bytes())
