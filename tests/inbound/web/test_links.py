"""What a link in a mail allows, shows and refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from outbound.notices import Button, queue
from store import clock
from store.journal import Link
from store.mails import Mail
from store.parties import Company, Membership
from store.tokens import Purpose, new_key
from templates.environment import render
from tests.inbound.web.world import ANA, BEN, OWNER, Browser, World
from workflows.links import LinkState, look
from workflows.parties import memberships


def test_f3_a_supplier_accepts_the_invitation_by_button(world: World, browser: Browser):
    """The Accept button opens a page; pressing it there accepts, and the page shows the result and who decided."""
    link = world.link(ANA, "accept")
    shown = browser.get(link)
    assert shown.status == 200
    assert "Accept" in shown.text
    result = browser.post(link, shown.hidden(link))
    assert result.status == 200
    assert "The invitation was accepted: Ana Adler" in result.text
    assert ("invitation-accepted", OWNER) in world.notices()


def test_looking_at_links_changes_nothing_but_seen(world: World, browser: Browser):
    """GET and HEAD on every link, its steps and its files change no row but the seen mark."""
    order = world.order()
    world.request()
    before = world.rows()
    with world.installation.database.read() as session:
        keys = [row.key for row in session.query(Link).all()]
    assert len(keys) > 8
    for key in keys:
        path = f"/l/{world.installation.tokens.token(Purpose.LINK, key)}"
        for end in ("", "/create_invoice", "/counter", "/quote", "/no_bid", "/note", "/nonsense", "?did=x", "/fresh"):
            for answer in (browser.client.get(path + end), browser.client.head(path + end)):
                assert answer.status_code in (200, 404, 405, 409), (path, end)
    assert world.rows() == before
    assert world.document(order).status == "sent"


def test_a_second_click_shows_the_result_of_the_first(world: World, browser: Browser):
    """Pressing a spent button, or looking at it again, shows what it did and changes nothing."""
    order = world.order()
    link = world.link(ANA, "acknowledge", order)
    first = browser.post(link, browser.get(link).hidden(link))
    assert "The order was confirmed: Ana Adler" in first.text
    before = world.rows()
    assert "The order was confirmed: Ana Adler" in browser.post(link, {}).text
    assert "The order was confirmed: Ana Adler" in browser.get(link).text
    assert world.rows() == before
    assert world.notices("order-acknowledged") == [("order-acknowledged", OWNER)]


def test_a_stale_link_says_so_and_shows_what_became_of_the_document(world: World, browser: Browser):
    """Once the order was refused, the button that confirms it does nothing but say so."""
    order = world.order()
    stale = world.link(ANA, "acknowledge", order)
    refuse = world.link(ANA, "refuse", order)
    browser.post(refuse, {**browser.get(refuse).hidden(refuse), "reason": "no capacity"})
    assert world.document(order).status == "refused"
    for answer in (browser.get(stale), browser.post(stale, {})):
        assert answer.status == 409
        assert "This link is out of date" in answer.text
        assert "The order was refused: Ana Adler" in answer.text
    assert world.document(order).status == "refused"


def test_an_expired_link_shows_no_document_and_mails_a_fresh_one_once(world: World, browser: Browser):
    """An expired link shows nothing of the document; the fresh one goes to the address on file, once an hour."""
    order = world.order()
    link = world.link(ANA, "acknowledge", order)
    later = clock.now() + timedelta(days=world.installation.link_days, hours=1)
    clock.set_source(lambda: later)
    try:
        shown = browser.get(link)
        assert shown.status == 410
        assert "has expired" in shown.text
        assert "PO-1" not in shown.text
        for _ in range(3):
            assert "Please look into your mailbox" in browser.post(f"{link}/fresh").text
        assert world.notices("fresh-link") == [("fresh-link", ANA)]
        fresh = world.link(ANA, "acknowledge", order)
        assert fresh != link
        assert browser.get(fresh).status == 200
    finally:
        clock.set_source(None)


def test_a_revoked_link_opens_nothing(world: World, browser: Browser):
    """A link that was taken back says so."""
    link = world.link(ANA, "open", world.order())
    with world.installation.database.write() as session:
        session.execute(update(Link).values(revoked_at=clock.now()))
    assert "was taken back" in browser.get(link).text
    assert browser.get(f"{link}/create_invoice").status == 410


def test_a_link_whose_person_left_is_not_theirs_any_more(world: World, browser: Browser):
    """Whoever left the supplier holds a link that opens nothing and gets no fresh one."""
    link = world.link(ANA, "open", world.order())
    with world.installation.database.write() as session:
        session.execute(delete(Membership).where(Membership.supplier_id.is_not(None)))
    answer = browser.get(link)
    assert answer.status == 403
    assert "PO-1" not in answer.text
    browser.post(f"{link}/fresh")
    assert world.notices("fresh-link") == []


@pytest.mark.parametrize("token", ["", "x", "a" * 26, "ü" * 26, "a" * 5000, "../../etc/passwd", "%00", "%ED%A0%80"])
def test_a_made_up_link_is_answered_in_words(world: World, browser: Browser, token: str):
    """No token of ours: a page says so, without a traceback."""
    answer = browser.get(f"/l/{token}")
    assert answer.status in (400, 404)
    assert "Traceback" not in answer.source


def test_a_token_of_another_purpose_or_without_a_row_is_missing(world: World):
    """A reply token opens no page, and a true token without its row neither."""
    tokens = world.installation.tokens
    for token in (tokens.token(Purpose.REPLY, new_key()), tokens.token(Purpose.LINK, new_key())):
        assert look(world.installation, token).state is LinkState.MISSING


def test_a_link_good_for_one_step_takes_no_other(world: World, browser: Browser):
    """The Confirm button's link cannot refuse, invoice or write."""
    order = world.order()
    link = world.link(ANA, "acknowledge", order)
    for step in ("refuse", "create_invoice", "note", "acknowledge"):
        assert browser.post(f"{link}/{step}", {"reason": "x", "text": "x", "version": "1"}).status == 404
    assert world.events(order) == ["order.sent"]


def test_another_suppliers_link_shows_nothing_of_mine(world: World, browser: Browser):
    """Two suppliers asked for the same: neither page says anything of the other."""
    world.request()
    assert "Boltwerk" not in browser.get(world.link(ANA, "open")).source
    assert "Ferrum" not in browser.get(world.link(BEN, "open")).source


def test_every_page_forbids_referrers_indexing_framing_and_scripts(world: World, browser: Browser):
    """The headers stand on pages, problems and redirects alike."""
    link = world.link(ANA, "open", world.order())
    for path in (link, "/l/none", "/nowhere", "/sign-in", "/", "/healthz"):
        headers = browser.client.get(path, follow_redirects=False).headers
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]


def test_a_closed_request_cannot_be_answered_after_its_deadline(world: World, browser: Browser):
    """A price sent after the deadline is refused in words."""
    deadline = datetime(2030, 1, 1, tzinfo=UTC)
    clock.set_source(lambda: deadline - timedelta(hours=1))
    try:
        world.request(deadline=deadline)
        link = world.link(ANA, "open")
        page = browser.get(f"{link}/quote")
        clock.set_source(lambda: deadline + timedelta(hours=1))
        answer = browser.press(page, "/quote", {"lines.1.price": "5"})
        assert answer.status == 409
        assert "The deadline of RFP-7 was" in answer.text
    finally:
        clock.set_source(None)


def test_a_post_from_another_sites_page_is_refused(world: World, browser: Browser):
    """A browser says where a form was posted from; ours come from our own pages only."""
    link = world.link(ANA, "acknowledge", world.order())
    answer = browser.client.post(link, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert browser.client.post(link, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_a_mail_without_proof_is_confirmed_by_its_link(world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch):
    """The page shows what the mail would do; the button hands it to the mail's route, once."""
    confirmed = []
    monkeypatch.setattr("inbound.route.confirm_mail", lambda _installation, link: confirmed.append(link.mail_id))
    facts = {"answer": {"heard": [{"words": "we accept", "action": "accept"}]}, "notes": [{"text": "Fine <by> us"}]}
    with world.installation.database.write(world.company_id) as session:
        mail_id = session.execute(
            insert(Mail).values(
                digest=b"m" * 32, way="smtp", sender=ANA, size=1, received_at=clock.now(), status="acted", reason=None,
                tries=0, due=clock.now(), company_id=world.company_id, author=ANA, kind="person", message_id=None,
                understanding={}, acted_at=None,
            ).returning(Mail.id)
        ).scalar_one()  # fmt: skip
        company = session.get_one(Company, world.company_id)
        ana = memberships(session, world.company_id, ANA)[0].recipient(company)
        button = Button("mail", True, None, None, mail_id)
        queue(
            session, world.installation, company, "confirm-sender", ana, facts, cause="m", now=clock.now(),
            buttons=[button],
        )  # fmt: skip
    link = world.link(ANA, "mail")
    page = browser.get(link)
    assert "we accept" in page.text
    assert "Fine <by> us" in page.text
    assert confirmed == []
    assert "Your mail counts as yours now" in browser.post(link).text
    assert confirmed == [mail_id]
    assert "This link was used already" in browser.post(link).text
    assert confirmed == [mail_id]


def test_nothing_is_rendered_while_a_write_transaction_is_open(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    """Pages are made after the store is let go, on every way through a page."""
    database, rendered = world.installation.database, []

    def watched(name: str, *rest: Any) -> str:
        assert not database.writing
        rendered.append(name)
        return render(name, *rest)

    monkeypatch.setattr("inbound.web.view.render", watched)
    link = world.link(ANA, "open", world.order())
    page = browser.press(browser.get(f"{link}/create_invoice"), "/create_invoice", {"number": "1", "tax_rate": "0"})
    browser.press(browser.get(f"{page.url}/confirm"), "/confirm", {"sure": "yes"})
    browser.press(browser.get(link), "/note", {"text": "Hello"})
    assert {"pages/document.html", "pages/step.html"} <= set(rendered)


@pytest.mark.parametrize("door", ["step", "open", "note"])
def test_eight_presses_at_once_act_once_and_all_show_the_result(world: World, browser: Browser, door: str):
    """However many presses of one button come together, one acts, and nobody is told of a failure."""
    order = world.order()
    link = world.link(ANA, "acknowledge" if door == "step" else "open", order)
    path = link if door == "step" else f"{link}/note" if door == "note" else f"{link}/acknowledge"
    page = browser.get(link if door == "note" else path)
    fields = {**page.hidden(path), "text": "Hello"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: browser.post(path, fields), range(8)))
    assert {answer.status for answer in answers} == {200}
    assert len(world.events(order)) == 2
    assert len(world.notices("note" if door == "note" else "order-acknowledged")) == 1


def test_a_home_link_signs_in_by_way_of_the_mailbox_only(world: World, browser: Browser):
    """A link home may be old and passed on: it mails a sign-in link to the address on file, and opens nothing."""
    with world.installation.database.write(world.company_id) as session:
        company = session.get_one(Company, world.company_id)
        ana = memberships(session, world.company_id, ANA)[0].recipient(company)
        queue(
            session, world.installation, company, "note", ana, {}, cause="h", now=clock.now(), buttons=[Button("home")]
        )  # fmt: skip
    link = world.link(ANA, "home")
    assert "Mail me a sign-in link" in browser.get(link).text
    assert "Please look into your mailbox" in browser.post(link).text
    assert browser.client.cookies.get("postroom") is None
    assert world.notices("sign-in") == [("sign-in", ANA)]


def test_every_field_has_its_label_and_every_page_its_landmarks(world: World, browser: Browser):
    """Each control has a label of its own, each id stands once, each page has one main and one first heading."""
    link = world.link(ANA, "open", world.order())
    world.request()
    proposal = world.link(ANA, "open", world.newest("proposal", "Ferrum Ltd").id)
    draft = browser.press(
        browser.get(f"{link}/create_invoice"), "/create_invoice", {"number": "1", "tax_rate": "0"}
    ).url
    paths = [link, f"{link}/counter", f"{link}/create_invoice", f"{link}/refuse", proposal, f"{proposal}/quote"]
    paths += [f"{proposal}/no_bid", draft, f"{draft}/edit", f"{draft}/confirm", "/sign-in", "/l/none"]
    for path in paths:
        tree = browser.get(path).tree
        ids = tree.xpath("//@id")
        assert sorted(ids) == sorted(set(ids)), path
        labelled = set(tree.xpath("//label/@for"))
        for one in tree.xpath("//input[not(@type='hidden')]|//textarea|//select"):
            assert one.get("id") in labelled or one.get("aria-label"), (path, one.get("name"))
            for described in (one.get("aria-describedby") or "").split():
                assert described in ids, (path, described)
        for labelling in tree.xpath("//@aria-labelledby"):
            assert labelling in ids, (path, labelling)
        assert len(tree.xpath("//main")) == len(tree.xpath("//h1")) == 1, path
        assert not tree.xpath("//script|//@style|//*[starts-with(name(@*), 'on')]"), path
        for address in tree.xpath("//@href|//@src|//@action"):
            assert address.startswith(("/", "#", "data:,")), (path, address)
