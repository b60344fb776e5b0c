"""The mailbox pages in a real browser: on a phone and a desk, without JavaScript, by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from postroom.mailbox.mailboxes import Mailboxes, Owner
from postroom.mailbox.pages import served
from postroom.mailbox.relay import Relay

SAM = "sam@supplier.example"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=850)
FILE = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=b"%PDF")


def an_order(message_id: str, link: str = "https://po.example/l/x") -> bytes:
    rows = "".join(f"<tr><td>{n}</td><td>Oak chair, {'long ' * 9}</td><td>76.66 EUR</td></tr>" for n in range(40))
    html = f"<table width=100%>{rows}</table><a href='{link}'>Acknowledge</a><script>document.title='bad'</script>"
    return (
        f"From: Northwind <orders@po.example>\r\nReply-To: t0k3n@po.example\r\nTo: {SAM}, anna@buyer.example\r\n"
        f"Subject: Order {'PO-2026-' * 12}\r\nMessage-ID: {message_id}\r\n"
        f"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>{html}</body></html>"
    ).encode()


@pytest.fixture
def postroom() -> Iterator[Relay]:
    with Relay(Mailboxes(), name="po.example") as postroom:
        yield postroom


@pytest.fixture
def relay(postroom: Relay) -> Relay:
    owners = [Owner("Sam Reed", SAM, "Reed Chairs", "Sales"), Owner("Anna", "anna@buyer.example", "Northwind", "Buyer")]
    return Relay(Mailboxes(owners), (postroom.host, postroom.port))


@pytest.fixture
def site(relay: Relay) -> Iterator[str]:
    with served(relay) as site:
        yield site


def assert_fits(page: Page) -> None:
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} wide in a window of {wide[1]}"


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_a_newcomer_answers_a_mail(
    chromium: Browser, relay: Relay, postroom: Relay, site: str, window: ViewportSize
) -> None:
    """Without JavaScript a person is chosen, a mail read and answered with a file; each page fits its window."""
    relay.mailboxes.keep(SAM, an_order("<1@po.example>"))
    context = chromium.new_context(viewport=window, java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    for link in ("Sam Reed", "Order", "Reply"):
        assert_fits(page)
        with page.expect_navigation():
            page.locator("main").get_by_role("link", name=link).first.click()
    assert_fits(page)
    page.get_by_label("Your text").fill("We can deliver.")
    page.get_by_label("Attach files").set_input_files(FILE)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").filter(has_text="Sent.")).to_be_visible()
    assert_fits(page)
    came = postroom.mailboxes.wait_for("t0k3n@po.example", lambda mail: True).letter
    assert came.text.strip() == "We can deliver."
    assert [file.content for file in came.attachments] == [b"%PDF"]
    context.close()


def test_a_link_in_a_mail_opens_its_page(chromium: Browser, relay: Relay, site: str) -> None:
    """A link leaves the frame for a tab of its own that works as any page, and the mail's script never ran."""
    mail = relay.mailboxes.keep(SAM, an_order("<1@po.example>", f"{site}/box/{SAM}"))
    page = chromium.new_page()
    page.goto(f"{site}/box/{SAM}/{mail.id}")
    with page.expect_popup() as popup:
        page.frame_locator("iframe").get_by_role("link", name="Acknowledge").click()
    expect(popup.value).to_have_title("Sam Reed · Postroom demo")
    assert popup.value.evaluate("origin") == site
    assert page.frames[1].title() != "bad"
    page.context.close()


def test_a_mail_is_as_high_as_its_text(chromium: Browser, relay: Relay, site: str) -> None:
    """With JavaScript the frame shows the whole mail, without a scroll bar of its own."""
    mail = relay.mailboxes.keep(SAM, an_order("<1@po.example>"))
    page = chromium.new_page(viewport=PHONE)
    page.goto(f"{site}/box/{SAM}/{mail.id}")
    page.wait_for_function(
        "(() => { const f = document.querySelector('iframe'); const d = f.contentDocument.documentElement;"
        " return d.offsetHeight > 500 && f.clientHeight >= d.offsetHeight && f.clientHeight < d.offsetHeight + 20 })()"
    )
    page.context.close()


def test_word_of_new_mail_comes_by_itself(chromium: Browser, relay: Relay, site: str) -> None:
    """An open mailbox says that a mail has come, and shows it when asked."""
    page = chromium.new_page(viewport=DESK)
    page.clock.install()
    page.goto(f"{site}/box/{SAM}")
    news = page.get_by_role("link", name="New mail has come")
    expect(news).to_be_hidden()
    relay.mailboxes.keep(SAM, an_order("<1@po.example>"))
    page.clock.run_for(4000)
    news.click()
    expect(page.get_by_role("link", name="Northwind")).to_be_visible()
    page.context.close()


def test_the_keyboard_reaches_the_content_first(chromium: Browser, site: str) -> None:
    """The first Tab offers to skip the bar, and the next one after it is the first person."""
    page = chromium.new_page(viewport=DESK)
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Sam Reed")).to_be_focused()
    page.context.close()
