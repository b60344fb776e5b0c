"""Hostile and broken forms: every one is answered in words, none with a traceback, and nothing is half done."""

from __future__ import annotations

import pytest

from inbound.web.guard import Limits
from store.installation import Installation
from tests.inbound.web.world import ANA, Browser, World

FIGURES = (
    "1e999", "9" * 39, "9" * 400, "NaN", "Infinity", "-5", "1.2.3.4", "٣٫٥x", "0x10", "1'000'000'000'000",
    "\x00", "1;drop table", "1.1234567", "--1", "1,2,3", "½",
)  # fmt: skip


@pytest.fixture
def quote(world: World) -> str:
    """Ana's page for prices."""
    world.request()
    return f"{world.link(ANA, 'open')}/quote"


@pytest.mark.parametrize("figure", FIGURES)
def test_a_wrong_figure_is_answered_at_its_field(world: World, browser: Browser, quote: str, figure: str):
    """What is no sure figure is shown again with a sentence beside it, and nothing is saved."""
    answer = browser.press(browser.get(quote), "/quote", {"lines.1.price": figure})
    assert answer.status == 422, figure
    assert "Nothing was done yet" in answer.text
    assert world.newest("proposal", "Ferrum Ltd").content.lines[0].unit_price is None


def test_b17_a_figure_that_can_be_read_in_two_ways_is_asked_back(browser: Browser, quote: str):
    """1.234 is a thousand here and a fraction there: the page asks."""
    answer = browser.press(browser.get(quote), "/quote", {"lines.1.price": "1.234"})
    assert answer.status == 422
    assert "This can mean 1234 or 1.234" in answer.text
    assert 'aria-describedby="lines.1.price-error"' in answer.source


@pytest.mark.parametrize("day", ["03/04/26", "2026-02-30", "yesterday", "9999999-01-01", "\ud800", "0000-00-00"])
def test_a_wrong_date_is_answered_at_its_field(world: World, browser: Browser, day: str):
    """A date that does not exist, or may be two, is asked back."""
    world.request()
    link = world.link(ANA, "open")
    body = f"date={day}".encode("utf-8", "surrogatepass")
    form = browser.get(link).hidden("/set_delivery")
    body += b"".join(f"&{name}={value}".encode() for name, value in form.items())
    answer = browser.client.post(
        f"{link}/set_delivery", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 422
    assert world.newest("proposal", "Ferrum Ltd").content.delivery_date is None


def test_nul_and_lone_surrogates_in_words_are_lost_and_the_rest_is_kept(world: World, browser: Browser):
    """What no database keeps is dropped at the door."""
    link = world.link(ANA, "open", world.order())
    form = browser.get(link).hidden("/note")
    fields = "&".join(f"{name}={value}" for name, value in form.items())
    body = fields.encode() + b"&text=be%00fore%ED%A0%80after%FF"
    answer = browser.client.post(
        f"{link}/note", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 200
    assert "before" in answer.text
    assert "after" in answer.text


def test_ten_thousand_fields_are_read_and_only_known_lines_act(world: World, browser: Browser, quote: str):
    """A form of ten thousand prices for a request of three items: three are taken."""
    page = browser.get(quote)
    fields = {f"lines.{n}.price": "5" for n in range(1, 10_001)}
    answer = browser.press(page, "/quote", fields)
    assert answer.status == 200
    assert [bid.unit_price for bid in world.newest("proposal", "Ferrum Ltd").content.lines] == [5, 5, 5]


def test_too_many_fields_are_refused_in_words(browser: Browser, quote: str):
    """Beyond the limit the form is not read."""
    answer = browser.post(quote, {f"x{n}": "1" for n in range(13_000)})
    assert answer.status == 400
    assert "could not be read" in answer.text


def test_a_form_that_is_too_large_is_refused_in_words(installation: Installation, world: World):
    """Body, field and file each have a limit, announced or not; the answer says so."""
    browser = Browser(installation, limits=Limits(form=10_000, upload=20_000, field=5_000))
    link = f"{world.link(ANA, 'open', world.order())}/note"
    assert browser.post(link, {"text": "x" * 20_000}).status == 413
    assert browser.post(link, {"text": "x" * 6_000}).status == 400
    assert browser.post(link, {}, [("files", ("big.pdf", b"x" * 30_000, "application/pdf"))]).status == 413
    chunks = (b"text=" + b"x" * 1_000 for _ in range(50))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post(link, content=chunks, headers=headers).status_code == 413
    assert world.notices("note") == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data; boundary=x; charset=n", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n--x--'),
        ("application/json", b'{"text": "x"}'),
        ("text/plain", b"x"),
        ("application/x-www-form-urlencoded", b"&&&=&=&%%%=%zz"),
        ("", b""),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_is_answered_in_words(world: World, browser: Browser, kind: str, body: bytes):
    """Broken multipart, JSON, nothing at all: a sentence, never a traceback."""
    link = f"{world.link(ANA, 'open', world.order())}/set_delivery"
    answer = browser.client.post(link, content=body, headers={"content-type": kind} if kind else {})
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("version", ["", "0", "-1", "9" * 30, "x", "1.5", "٣"])
def test_a_form_without_the_version_it_saw_is_overtaken(world: World, browser: Browser, version: str):
    """A form that does not say what its person saw decides nothing on a document that has moved."""
    order = world.order()
    link = world.link(ANA, "open", order)
    fields = {**browser.get(f"{link}/refuse").hidden("/refuse"), "reason": "no", "version": version}
    assert browser.post(f"{link}/refuse", fields).status == 409
    assert world.document(order).status == "sent"


def test_file_names_cannot_leave_their_header_or_folder(world: World, browser: Browser):
    """Paths, line ends and quotes in a name are harmless; the type is never a page's."""
    link = world.link(ANA, "open", world.order())
    name = '..\\..\\evil".html'
    page = browser.press(browser.get(link), "/files", files=[("files", (name, b"<script>1</script>", "text/html"))])
    path = next(one for one in page.links() if "/files/" in one)
    headers = browser.client.get(path).headers
    assert headers["content-type"] == "application/octet-stream"
    assert "/" not in headers["content-disposition"]
    assert "\\" not in headers["content-disposition"]


def test_markup_in_names_is_shown_and_not_obeyed(world: World, browser: Browser):
    """A line's text full of markup and right-to-left marks stays text."""
    order = world.order(text_of='<img src=x onerror=alert(1)>"\u202e')
    source = browser.get(world.link(ANA, "open", order)).source
    assert "<img" not in source
    assert "&lt;img" in source


def test_our_own_failure_is_a_page_and_says_nothing_of_its_inside(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Whatever breaks inside, the person gets a sentence; the log says where it broke, and has no token."""
    link = world.link(ANA, "open", world.order())
    monkeypatch.setattr("inbound.web.showing.facts_of", lambda *_: 1 / 0)
    answer = browser.get(link)
    assert answer.status == 500
    assert "It is our fault" in answer.text
    assert "division" not in answer.source
    assert answer.headers["referrer-policy"] == "no-referrer"
    written = capsys.readouterr().out
    assert "test_hostile.py" in written
    assert link.rpartition("/")[2] not in written


def test_an_invoice_is_made_of_nothing_but_an_order(world: World, browser: Browser):
    """Asking any other document for it is answered in words."""
    world.request()
    link = world.link(ANA, "open", world.newest("proposal", "Ferrum Ltd").id)
    answer = browser.post(f"{link}/create_invoice", {"number": "1", "tax_rate": "0", "version": "9", "nonce": "x"})
    assert answer.status == 404


def test_logs_and_figures_carry_no_token(world: World, browser: Browser, capsys: pytest.CaptureFixture[str]):
    """Neither the log lines nor /metrics name the token of a link that was opened."""
    link = world.link(ANA, "open", world.order())
    browser.get(link)
    browser.get(f"{link}/create_invoice")
    metrics = browser.client.get("/metrics").text
    written = capsys.readouterr()
    token = link.rpartition("/")[2]
    assert token not in metrics + written.out + written.err
    assert 'postroom_pages_total{method="GET",page="/l/{token}",status="200"}' in metrics
