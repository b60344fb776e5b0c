"""Notes and comments by page: what crosses and what never does."""

from __future__ import annotations

from tests.inbound.web.world import ANA, COLLEAGUE, OWNER, Browser, World


def owners_link(world: World, browser: Browser, order: int) -> str:
    """The owner's own link to the order, which comes with the supplier's answer."""
    link = world.link(ANA, "acknowledge", order)
    browser.post(link, browser.get(link).hidden(link))
    return world.link(OWNER, "open", order)


def test_f50_a_note_crosses_with_its_files(world: World, browser: Browser):
    """A note on the page is mailed to the other side and stands on its page, its files beside it."""
    order = world.order()
    link = world.link(ANA, "open", order)
    file = ("files", ("photo.png", b"\x89PNG", "image/png"))
    page = browser.press(browser.get(link), "/note", {"text": "Is <b>Friday</b> fine?"}, [file])
    assert "The note was sent." in page.text
    assert world.notices("note") == [("note", OWNER)]
    theirs = browser.get(world.link(OWNER, "open", order))
    assert "Is <b>Friday</b> fine?" in theirs.text
    assert "<b>Friday" not in theirs.source
    assert "photo.png" in theirs.text


def test_f51_the_customers_answer_comes_back_into_the_same_document(world: World, browser: Browser):
    """The customer answers on the page; the supplier's page shows both notes in their order."""
    order = world.order()
    link = world.link(ANA, "open", order)
    browser.press(browser.get(link), "/note", {"text": "First question"})
    browser.press(browser.get(world.link(OWNER, "open", order)), "/note", {"text": "Then the answer"})
    text = browser.get(link).text
    assert text.index("First question") < text.index("Then the answer")
    assert ("note", ANA) in world.notices()


def test_f52_a_comment_never_crosses(world: World, browser: Browser):
    """What one side says inside stands on no page of the other side, in no notice to it, and in no history."""
    order = world.order()
    buyers = owners_link(world, browser, order)
    page = browser.press(browser.get(buyers), "/comment", {"text": "Their last price was better"})
    assert "The comment was saved." in page.text
    assert "only your side reads this" in page.text
    suppliers = world.link(ANA, "open", order)
    browser.press(browser.get(suppliers), "/comment", {"text": "We could go lower"})
    for link, own, other in ((buyers, "last price", "go lower"), (suppliers, "go lower", "last price")):
        source = browser.get(link).source
        assert own in source
        assert other not in source
    assert [address for _, address in world.notices("comment") if address not in (OWNER, COLLEAGUE, ANA)] == []
    assert "comment" not in " ".join(name for name, address in world.notices() if address == ANA)


def test_an_empty_note_is_asked_for_at_its_field(world: World, browser: Browser):
    """Nothing written and nothing attached: the page says so at the field, and nothing is sent."""
    link = world.link(ANA, "open", world.order())
    for step, say in (
        ("note", "Please write something"),
        ("comment", "Please write"),
        ("files", "Please choose a file"),
    ):
        answer = browser.press(browser.get(link), f"/{step}", {"text": "  "})
        assert answer.status == 422
        assert say in answer.text
        assert f'id="{step}-error"' in answer.source
    assert world.notices("note") == []


def test_a_note_sent_twice_is_said_once(world: World, browser: Browser):
    """A double click on one form is one note; another text from the same form is another."""
    link = world.link(ANA, "open", world.order())
    page = browser.get(link)
    for text in ("Hello", "Hello", "Hello again"):
        browser.press(page, "/note", {"text": text})
    assert browser.get(link).text.count("Hello again") == 1
    assert len(world.notices("note")) == 2
