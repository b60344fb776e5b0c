"""Mails that found no home wait for the company's people, who give them one (B40)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from store.installation import Installation
from store.triage import KnownSender, Triage
from tests.inbound.post import ANA, BEN, COLLEAGUE, FERRUM, MAILBOX, OWNER, Post, a_mail, an_invoice, make_post
from tests.inbound.web.test_sessions import sign_in
from tests.inbound.web.world import Answer, Browser, World
from workflows import intake

STRANGER = "Kim Kit <kim@factoring.example>"
INVOICE = ("invoice.xml", an_invoice())


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


def entries(post: Post) -> list[tuple[str, str]]:
    """(why, state) of every entry, oldest first."""
    with post.installation.database.read() as session:
        rows = session.execute(select(Triage.why, Triage.state).order_by(Triage.id))
        return [(row.why, row.state) for row in rows]


def page_of(post: Post, browser: Browser, mail_id: int, who: str = OWNER) -> Answer:
    """The page of a mail as somebody sees it."""
    sign_in(post.world, browser, who)
    return browser.get(f"/mails/{bytes(post.mail(mail_id).digest).hex()}")


def public_id(page: Answer, name: str) -> str:
    """The value of a supplier in the form."""
    return str(page.tree.xpath(f'//option[contains(., "{name}")]/@value')[0])


def test_b40_strangers_invoice_waits_with_a_suggestion(post: Post, browser: Browser) -> None:
    """The order that the invoice names says whose it is; nothing is made of it yet."""
    mail_id = post.send(STRANGER, MAILBOX, "Please pay.", INVOICE, subject="Invoice 22914")
    assert post.invoices() == []
    assert entries(post) == [("invoice", "open")]
    page = page_of(post, browser, mail_id)
    assert "An invoice of a sender whom we do not know." in page.text
    assert "It names the order PO-1." in page.text
    assert "22914" in page.text
    assert page.value("order") == "PO-1"
    assert page.tree.xpath("//option[@selected]/text()") == [FERRUM]
    home = browser.get("/triage")
    assert "Perhaps from Ferrum Ltd" in home.text
    assert page.url in home.links()


def test_b40_assigned_invoice_is_done_as_if_it_had_come_that_way(post: Post, browser: Browser) -> None:
    """A draft of the supplier's, told to the author, whose answer confirms it."""
    mail_id = post.send(STRANGER, MAILBOX, "Please pay.", INVOICE, subject="Invoice 22914")
    page = page_of(post, browser, mail_id)
    done = browser.press(page, "/assign", {"supplier": public_id(page, FERRUM), "order": "PO-1"})
    assert "This mail was given to Ferrum Ltd" in done.text
    assert post.invoices() == [("22914", "draft")]
    assert entries(post) == [("invoice", "assigned")]
    assert post.world.newest("invoice").supplier_id == post.world.newest("order").supplier_id
    assert "check and confirm" in post.text("answer", "kim@factoring.example")
    post.send(STRANGER, post.address("answer", "kim@factoring.example"), "confirm")
    assert post.invoices() == [("22914", "draft")], "who is not on file confirms nothing unless they are remembered"


def test_b40_sender_once_assigned_is_remembered(post: Post, browser: Browser) -> None:
    """Their next invoice is a draft at once, and their word confirms it; the buyer is told who let them in."""
    page = page_of(post, browser, post.send(STRANGER, MAILBOX, "Please pay.", INVOICE))
    browser.press(page, "/assign", {"supplier": public_id(page, FERRUM), "order": "PO-1", "remember": "yes"})
    post.send(STRANGER, MAILBOX, "Another.", ("b.xml", an_invoice("22915", lines=((1, 1, "4.50"),))))
    assert post.invoices() == [("22914", "draft"), ("22915", "draft")]
    assert len(entries(post)) == 1
    post.send(STRANGER, post.address("answer", "kim@factoring.example"), "confirm")
    assert "22915" in post.text("invoice-differs", OWNER) or "22915" in post.text("invoice-to-approve", OWNER)
    names = [name for name in post.names(OWNER) if name.startswith("invoice")]
    assert "is not on file with Ferrum Ltd; Olga Owner said that it is theirs." in post.text(names[-1], OWNER)


def test_b40_remembered_sender_proves_it_each_time(post: Post, browser: Browser) -> None:
    """Whoever writes the same From without proof gets no draft; the mail waits again."""
    page = page_of(post, browser, post.send(STRANGER, MAILBOX, "Please pay.", INVOICE))
    browser.press(page, "/assign", {"supplier": public_id(page, FERRUM), "remember": "yes"})
    post.send(STRANGER, MAILBOX, "Another.", ("b.xml", an_invoice("22915")), proof="")
    assert post.invoices() == [("22914", "draft")]
    assert entries(post)[-1] == ("unproved", "open")


def test_b40_mail_with_two_matters_is_split(post: Post, browser: Browser) -> None:
    """Each invoice goes to its supplier; the words go with the first, and nothing is given twice."""
    post.world.order("PO-2", supplier="Boltwerk AG")
    second = ("second.xml", an_invoice("B-7", order="PO-2"))
    mail_id = post.send(STRANGER, MAILBOX, "Two invoices, please pay both.", INVOICE, second)
    page = page_of(post, browser, mail_id)
    boxes = {str(b.get("name")): b for b in page.tree.xpath('//input[starts-with(@name, "part-")]')}
    assert len(boxes) == 2
    assert all(box.get("checked") is not None for box in boxes.values())
    first, other = boxes
    assert "at least one part" in browser.press(page, "/assign", {"order": "PO-1"}).text
    done = browser.press(page, "/assign", {"supplier": public_id(page, FERRUM), "order": "PO-1", first: "yes"})
    assert "That part is done." in done.text
    assert "given already" in done.text
    assert post.invoices() == [("22914", "draft")]
    assert entries(post) == [("invoice", "open")]
    again = browser.press(page, "/assign", {"order": "PO-2", "supplier": "", first: "yes"})
    assert again.status == 422, "what was given is not there to be ticked"
    rest = browser.press(done, "/assign", {"supplier": public_id(done, "Boltwerk"), "order": "PO-2", other: "yes"})
    assert "This mail was given to Boltwerk AG" in rest.text
    assert post.invoices() == [("22914", "draft"), ("B-7", "draft")]
    assert post.world.newest("invoice").supplier_id == post.world.newest("order").supplier_id
    assert entries(post) == [("invoice", "assigned")]


def test_b40_mails_that_belong_together_are_given_at_once(post: Post, browser: Browser) -> None:
    """Both of the same sender; another sender's is not offered."""
    words = post.send(STRANGER, MAILBOX, "The delivery note follows.", subject="To the invoice")
    post.send("Lou <lou@other.example>", MAILBOX, "Something else", subject="Else")
    mail_id = post.send(STRANGER, MAILBOX, "Please pay.", INVOICE, subject="The invoice")
    page = page_of(post, browser, mail_id)
    boxes = page.tree.xpath('//input[starts-with(@name, "with-")]')
    assert [box.get("checked") for box in boxes] == [None], "nothing is merged unasked"
    fields = {"supplier": public_id(page, FERRUM), "order": "PO-1", str(boxes[0].get("name")): "yes"}
    assert "This mail was given to Ferrum Ltd" in browser.press(page, "/assign", fields).text
    assert post.invoices() == [("22914", "draft")]
    assert "The delivery note follows." in [text for _, _, text in post.said()]
    assert entries(post) == [("stranger", "assigned"), ("stranger", "open"), ("invoice", "assigned")]
    other = browser.get(f"/mails/{bytes(post.mail(words).digest).hex()}")
    assert "This mail was given to Ferrum Ltd" in other.text


@pytest.mark.parametrize(("remember", "known"), [("yes", 1), ("", 0)])
def test_b40_sender_is_remembered_only_when_that_is_asked(
    post: Post, browser: Browser, remember: str, known: int
) -> None:
    """The box says so."""
    page = page_of(post, browser, post.send(STRANGER, MAILBOX, "Please pay.", INVOICE))
    browser.press(page, "/assign", {"supplier": public_id(page, FERRUM), "remember": remember})
    with post.installation.database.read() as session:
        assert len(session.scalars(select(KnownSender.id)).all()) == known


def test_b40_words_without_an_order_stay_open_until_one_is_named(post: Post, browser: Browser) -> None:
    """A note needs a document; then it crosses, as a note of the supplier's."""
    mail_id = post.send(STRANGER, MAILBOX, "The brackets come on Friday.", subject="Delivery")
    assert entries(post) == [("stranger", "open")]
    page = page_of(post, browser, mail_id)
    tried = browser.press(page, "/assign", {"supplier": public_id(page, FERRUM)})
    assert "Nothing came of it yet" in tried.text
    assert entries(post)[0][1] == "open"
    done = browser.press(tried, "/assign", {"supplier": "", "order": "PO-1"})
    assert "This mail was given to Ferrum Ltd" in done.text
    assert post.said() == [("note", "Kim Kit <kim@factoring.example>", "The brackets come on Friday.")]


def test_b40_not_an_invoice_is_put_away(post: Post, browser: Browser) -> None:
    """Nothing is made of it, nobody is told, and it is kept."""
    mail_id = post.send(STRANGER, MAILBOX, "Buy our pens", subject="Pens")
    count = post.count()
    page = page_of(post, browser, mail_id)
    done = browser.press(page, "/close")
    assert "Nothing is to be made of this mail" in done.text
    assert entries(post) == [("stranger", "closed")]
    assert "Pens" not in browser.get("/triage").text
    assert [name for name in post.names()[count:] if name != "sign-in"] == []
    again = browser.press(page, "/close")
    assert again.status == 409
    assert "Somebody has decided about this mail already." in again.text


def test_b40_assigned_twice_acts_once(post: Post, browser: Browser) -> None:
    """A double click, or two people at once."""
    page = page_of(post, browser, post.send(STRANGER, MAILBOX, "Please pay.", INVOICE))
    fields = {"supplier": public_id(page, FERRUM), "order": "PO-1"}
    browser.press(page, "/assign", fields)
    assert browser.press(page, "/assign", fields).status == 409
    assert post.invoices() == [("22914", "draft")]


def test_b40_choices_that_do_not_fit_are_told_at_their_field(post: Post, browser: Browser) -> None:
    """No supplier, an order that there is not, and another supplier's order."""
    post.world.order("PO-2", supplier="Boltwerk AG")
    page = page_of(post, browser, post.send(STRANGER, MAILBOX, "Hello"))
    for fields, told in (
        ({"supplier": ""}, "Please choose a supplier."),
        ({"supplier": "nonsense"}, "Please choose a supplier."),
        ({"order": "PO-77"}, "There is no order with this number."),
        ({"supplier": public_id(page, FERRUM), "order": "PO-2"}, "This order is Boltwerk AG's."),
    ):
        answer = browser.press(page, "/assign", fields)
        assert answer.status == 422
        assert told in answer.text
    assert entries(post) == [("stranger", "open")]


@pytest.mark.parametrize("who", ["", ANA, BEN])
def test_b40_nobody_else_sees_or_decides(post: Post, browser: Browser, who: str) -> None:
    """Neither the list nor the mail nor its bytes are a supplier's, and a form of another session is refused."""
    mail_id = post.send(STRANGER, MAILBOX, "Please pay.", INVOICE)
    path = f"/mails/{bytes(post.mail(mail_id).digest).hex()}"
    if who:
        sign_in(post.world, browser, who)
    for one in ("/triage", path, f"{path}/source"):
        answer = browser.get(one)
        assert answer.status == 404 if who else answer.url == "/sign-in"
    for one in ("assign", "close"):
        answer = browser.post(f"{path}/{one}", {"supplier": "x", "form_token": "x"})
        assert answer.status in ((403, 404) if who else (200,))
    assert entries(post) == [("invoice", "open")]


def test_b40_form_of_another_session_is_refused(post: Post, browser: Browser) -> None:
    """Another site cannot post it."""
    page = page_of(post, browser, post.send(STRANGER, MAILBOX, "Hello"), COLLEAGUE)
    assert browser.press(page, "/close", {"form_token": "made up"}).status == 403
    assert entries(post) == [("stranger", "open")]


def test_b40_raw_mail_is_a_download(post: Post, browser: Browser) -> None:
    """Byte for byte, and never a page of ours."""
    source = a_mail(STRANGER, MAILBOX, "<script>alert(1)</script>")
    mail_id = post.take(source, MAILBOX)
    page = page_of(post, browser, mail_id)
    assert "<script>alert(1)</script>" in page.text
    assert "<script>" not in page.source
    answer = browser.client.get(f"{page.url}/source")
    assert answer.content == source
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_b40_what_needs_no_eyes_does_not_wait(post: Post) -> None:
    """A known supplier's invoice, an answer in a thread, a machine's mail."""
    post.send(ANA, MAILBOX, "Our invoice.", INVOICE)
    post.send(ANA, post.address("order-sent", ANA), "We confirm the order.")
    post.send(STRANGER, MAILBOX, "I am away.", subject="Out of office", headers=[("Auto-Submitted", "auto-replied")])
    assert entries(post) == []


def test_b40_what_could_not_be_read_surely_waits(post: Post) -> None:
    """A known supplier's file that is no document, and an invoice without its number."""
    post.send(ANA, MAILBOX, "Our invoice.", ("invoice.pdf", b"%PDF-1.4 broken"))
    post.send(ANA, MAILBOX, "Our invoice.", ("invoice.xml", an_invoice("")))
    post.send(ANA, MAILBOX, "When are you open?")
    assert [why for why, _ in entries(post)] == ["unread", "unsure", "nothing"]


def test_b40_list_goes_on_page_by_page(post: Post, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait, each stands on one of the pages."""
    for n in range(3):
        post.send(STRANGER, MAILBOX, "Hello", subject=f"Question {n}")
    sign_in(post.world, browser, OWNER)
    monkeypatch.setattr("inbound.web.triage_pages.MOST", 2)
    first = browser.get("/triage")
    older = browser.get(next(link for link in first.links() if "before=" in link))
    assert [f"Question {n}" in first.text for n in range(3)] == [False, True, True]
    assert [f"Question {n}" in older.text for n in range(3)] == [True, False, False]


EVE, ELSEWHERE = "eve@else.example", "buy@else.example"


def elsewhere(post: Post) -> World:
    """Another company of the same installation, which knows Ana as a supplier under a name of its own."""
    new = intake.NewCompany("Elsewhere", ELSEWHERE, "po.example.com", "Eve", EVE)
    other = World(post.installation, intake.add_company(post.installation, new))
    intake.invite_supplier(post.installation, other.company_id, by=EVE, name="Secret Metals", address=ANA)
    return other


def test_b40_a_mail_to_two_companies_waits_in_each_with_its_own_suggestion(post: Post, browser: Browser) -> None:
    """Neither is told whom the other buys from, nor the numbers of its orders; both can open it and decide."""
    elsewhere(post)
    mail_id = post.send(ANA, (MAILBOX, ELSEWHERE), "When do you open? It is about PO-1.", subject="A question")
    assert entries(post) == [("nothing", "open"), ("nothing", "open")]
    theirs = page_of(post, browser, mail_id, EVE)
    assert theirs.status == 200
    assert "Secret Metals" in theirs.text
    assert FERRUM not in theirs.source
    assert "It names the order" not in theirs.source
    assert FERRUM not in browser.get("/triage").source
    assert "Nothing is to be made of this mail" in browser.press(theirs, "/close").text
    own = page_of(post, browser, mail_id, OWNER)
    assert "It names the order PO-1." in own.text
    assert "Secret Metals" not in own.source
    assert sorted(state for _, state in entries(post)) == ["closed", "open"]


def test_b40_a_strangers_mail_to_two_companies_waits_in_each(post: Post, browser: Browser) -> None:
    """Also when it comes to the second one later, by itself."""
    elsewhere(post)
    source = a_mail(STRANGER, (MAILBOX, ELSEWHERE), "Please pay.", [INVOICE])
    mail_id = post.take(source, MAILBOX)
    assert entries(post) == [("invoice", "open")]
    assert post.take(source, ELSEWHERE) == mail_id
    assert entries(post) == [("invoice", "open"), ("invoice", "open")]
    theirs = page_of(post, browser, mail_id, EVE)
    assert theirs.status == 200
    assert FERRUM not in theirs.source
    assert FERRUM in page_of(post, browser, mail_id, OWNER).source


def test_b40_a_mail_to_a_thread_of_one_company_waits_in_the_other_that_it_came_to(post: Post, browser: Browser) -> None:
    """What is done in the first keeps it from nobody in the second, who learns nothing of the first."""
    elsewhere(post)
    to = post.address("order-sent", ANA)
    mail_id = post.send(ANA, (to, ELSEWHERE), "We confirm the order.", subject="Re: order")
    assert post.world.newest("order").status == "acknowledged"
    assert entries(post) == [("nothing", "open")]
    theirs = page_of(post, browser, mail_id, EVE)
    assert theirs.status == 200
    assert "PO-1" not in theirs.source
    assert FERRUM not in theirs.source
    assert "Nothing is to be made of this mail" in browser.press(theirs, "/close").text
    assert page_of(post, browser, mail_id, OWNER).status == 404
