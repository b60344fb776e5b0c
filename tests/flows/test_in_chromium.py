"""The supplier's part of the demo in a browser, through the mailbox page and the signed pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from inbound.documents.document import read_document
from postroom.demo.files import INVOICED, invoice_file, order_file
from postroom.mailbox.mail import Mail
from postroom.mailbox.pages import served
from store import clock
from tests.flows.conftest import Play
from workflows.intake import import_order, import_request
from workflows.lines import Line
from workflows.requests import RequestForProposal

PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)


class AnaAtHerScreen:
    """Ana, who has a browser and nothing else."""

    def __init__(self, page: Page, site: str, play: Play) -> None:
        self.page = page
        self._site = site
        self._play = play

    def reads(self, notice: str, text: str = "") -> Mail:
        """Wait for the notice and open it in the mailbox."""
        mail = self._play.ana.wait(notice=notice, text=text)
        self.page.goto(f"{self._site}/box/{self._play.ana.address}/{mail.id}")
        fits(self.page)
        return mail

    def replies(self, words: str, file: FilePayload | None = None, *, proven: bool = True) -> None:
        """Press Reply, write above the quote, attach, send."""
        goes(self.page, "link", "Reply")
        quoted = self.page.get_by_label("Your text").input_value()
        self.page.get_by_label("Your text").fill(f"{words}\n{quoted}")
        if file:
            self.page.get_by_label("Attach files").set_input_files(file)
        if not proven:
            self.page.get_by_text("Can the mail prove who sent it?").click()
            self.page.get_by_label("No proof").check()
        goes(self.page, "button", "Send")
        expect(self.page.get_by_role("status").filter(has_text="Sent.")).to_be_visible()

    def follows(self, link: str) -> Page:
        """Click a link of the mail, which opens a tab of its own."""
        with self.page.expect_popup() as popup:
            self.page.frame_locator("iframe").get_by_role("link", name=link).first.click()
        fits(popup.value)
        return popup.value


def goes(page: Page, role: Literal["link", "button"], name: str) -> None:
    """Click what leads to another page, which fits its window."""
    with page.expect_navigation():
        page.get_by_role(role, name=name, exact=True).first.click()
    fits(page)


def fits(page: Page) -> None:
    """Nothing is wider than its window."""
    page.wait_for_load_state()
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} wide in a window of {wide[1]}"


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_the_supplier_plays_her_part_in_a_browser(chromium: Browser, play: Play, window: ViewportSize) -> None:
    """Without JavaScript: accepts, asks, invoices, corrects on the page, quotes, proves a mail, and is told."""
    with served(play.house.relay) as site:
        context = chromium.new_context(viewport=window, java_script_enabled=False)
        ana = AnaAtHerScreen(context.new_page(), site, play)
        _accept(ana, play)
        _ask(ana, play)
        _invoice(ana, play)
        _quote(ana, play)
        context.close()


def _accept(ana: AnaAtHerScreen, play: Play) -> None:
    play.invite(play.ana, "Anvil Workshop")
    ana.reads("invitation")
    page = ana.follows("Accept")
    goes(page, "button", "Accept")
    play.olga.wait(notice="invitation-accepted")


def _ask(ana: AnaAtHerScreen, play: Play) -> None:
    reading = read_document(order_file(), "order.xml")
    assert reading is not None
    import_order(play.installation, play.company_id, reading, by=play.olga.address)
    ana.reads("order-sent")
    ana.replies("Does matt black mean RAL 9005?")
    play.olga.reply(play.olga.wait(notice="note"), "Yes, RAL 9005.")
    ana.reads("note", "Yes, RAL 9005")


def _invoice(ana: AnaAtHerScreen, play: Play) -> None:
    own = invoice_file("22914", INVOICED)
    order = next(m for m in play.ana.inbox if m.letter.header("X-Postroom-Notice") == "order-sent")
    ana.page.goto(ana.page.url.rpartition("/")[0] + f"/{order.id}")
    ana.replies("Here is our invoice.", FilePayload(name=own.name, mimeType=own.type, buffer=own.content))
    ana.reads("answer", "22914")
    ana.replies("confirm")
    play.olga.reply(play.olga.wait(notice="invoice-differs"), "revise: the hub costs 11.50, as ordered")
    ana.reads("invoice-action-needed", "the hub costs 11.50")
    page = ana.follows("Correct the invoice")
    goes(page, "link", "Edit items")
    page.locator("[name='lines.1.price']").fill("11.50")
    goes(page, "button", "Save")
    goes(page, "link", "Review and confirm")
    page.get_by_role("checkbox").check()
    goes(page, "button", "Confirm")
    play.olga.reply(play.olga.wait(notice="invoice-to-approve"), "approve")
    ana.reads("invoice-approved", "22914")


def _quote(ana: AnaAtHerScreen, play: Play) -> None:
    lines = [Line(1, "Rim 622-19, silver", None, "C62"), Line(2, "Rim tape", None, "C62")]
    content = RequestForProposal("RFP-77", "Wheels", "EUR", lines, clock.now() + timedelta(days=14))
    import_request(play.installation, play.company_id, content, by=play.olga.address, suppliers=["Anvil Workshop"])
    ana.reads("request-sent")
    ana.replies("1: 12.50\n2: no bid")
    ana.reads("answer", "12.50")
    ana.replies("confirm", proven=False)
    ana.reads("confirm-sender")
    page = ana.follows("Yes, this mail is mine")
    goes(page, "button", "Yes, this mail is mine")
    play.olga.wait(notice="proposal-submitted")
