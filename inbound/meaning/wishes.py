"""Wishes and figures that no decision hangs on: the status, an invitation, an invoice with its number."""

from __future__ import annotations

import re
from typing import Final

from inbound.meaning.listening import Listener
from inbound.meaning.papers import invoice_in
from inbound.meaning.sentence import Sentence
from inbound.meaning.speech import OTHER
from templates.phrases import trait
from workflows.actions import Action

STATUS: Final = "status"
NUMBER: Final = re.compile(r"[^\s,;()]*\d[^\s,;()]*")
ADDRESS: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


class Wishes(Listener):
    """Hears what is wished for beside a decision."""

    def _take_number(self, said: Sentence, unknown: list[str]) -> None:
        """Take the number that a draft is given beside what else is said: "put number F-88 on it and send"."""
        drafting = {"invoice_number", "confirm"} <= self.allowed
        if not drafting or any(act.name == "invoice_number" for act in said.acts):
            return
        if number := self.frames.number_in(said.text):
            name = (
                "invoice_all"
                if self.frames.bills_all(said.text) and "invoice_all" in self.allowed
                else "invoice_number"
            )
            said.acts.append(Action(name, number=number, heard=said.text))
            unknown[:] = [clause for clause in unknown if number not in clause]

    def _asks_status(self, text: str, questioning: bool) -> bool:
        """Whether a sentence asks how far a document is; without a question mark it must name an invoice of theirs."""
        if "status" not in self.allowed or not self.frames.asks_status(text):
            return False
        if questioning:
            return True
        tokens = self.speech.tokens(text)
        asking = self.speech.words["asks"].within(tokens) or self.speech.words["abilities"].within(tokens)
        return self.situation.role == "supplier" and asking and invoice_in(text, self.speech) is not None

    def _document_in(self, text: str) -> str | None:
        """The number of the document that a question is about."""
        if named := invoice_in(text, self.speech):
            return named
        number = NUMBER.search(text)
        return number[0].rstrip("?.!") if number else None

    def _whole(self, said: Sentence, text: str) -> bool:
        key_of_any = " ".join(
            "{it}" if token == OTHER or any(map(str.isdigit, token)) else token
            for token in self.speech.key(text, self.any_names).split()
        )
        for name in self._asked(text) or self.speech.asked(f"{key_of_any} ", self.allowed & {"status"}):
            if said.asks and text.rstrip().endswith("?") and trait(name).kind == "decides" and name != "undo":
                continue
            document = None
            if name == "status" and (number := NUMBER.search(text)):
                document = number[0].rstrip("?.!")
            said.acts.append(Action(name, document=document, heard=text.strip()))
            said.explicit |= name in self.speech.says and self.speech.says[name].within(self.speech.tokens(text))
            return True
        return False

    def _data(self, said: Sentence, text: str, key: str) -> bool:
        """Invitations, and an invoice with its number: what carries data and is no line."""
        plain = self.speech.key(text)
        if "invite" in self.allowed and "@" in text and self._invites(text, plain):
            addresses = dict.fromkeys(ADDRESS.findall(text))
            said.acts += [Action("invite", address=address.rstrip("."), heard=text.strip()) for address in addresses]
            if addresses:
                return True
        if "invoice_all" in self.allowed:
            whole = self.speech.whole["invoice_all"]
            for candidate in (key, plain):
                found = whole.match(candidate)
                if found and (number := self._number(candidate[found.end() :], text)):
                    said.acts.append(Action("invoice_all", number=number, heard=text.strip()))
                    return True
        number = self._number(plain, text) if "invoice_number" in self.allowed else None
        if number:
            said.acts.append(Action("invoice_number", number=number, heard=text.strip()))
            return True
        return False

    def _invites(self, text: str, plain: str) -> bool:
        """Whether an invitation is asked for, before the address or around it."""
        around = self.speech.key(ADDRESS.sub(" ", text))
        if any(self.speech.opened(key, {"invite"}) is not None for key in (plain, around)):
            return True
        tokens = around.split()
        stops = ("negations", "conditions", "reports", "delegates")
        return self.speech.words["invites"].within(tokens) and not any(
            self.speech.words[kind].within(tokens) for kind in stops
        )

    def _number(self, key: str, text: str) -> str | None:
        """The invoice number that a key names ("no 22914"), as it was written; None if it says anything else too."""
        head, _, last = key.rstrip().rpartition(" ")
        own = {f"{line.qty.normalize():f}" for line in self.situation.lines if line.qty}
        if last in own and self.speech.lines["deny"].begin(head.split()):
            return None  # "92 horas, no 88"
        if not any(c.isdigit() for c in last) or self.speech.opens["invoice_number"].fullmatch(head + " ") is None:
            return None
        position = text.casefold().rfind(last)
        return text[position : position + len(last)] if position >= 0 else last
