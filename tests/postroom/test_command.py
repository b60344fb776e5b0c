"""The commands as a person or a script calls them: what they print, and no traceback for a fault one can mend."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from inbound.documents.validating import can_validate
from postroom.command import app
from postroom.faults import in_words
from tests.inbound.documents.e_invoices import a_ubl_invoice

ORDER_LINES = "text;quantity;unit;buyer_sku\nSteel bolts M8;500;pcs;B-8\nWashers;2.5;kg;\n"
MAIL = b"From: Ana <ana@supplier.example>\r\nTo: x@po.example.com\r\nSubject: Re: order\r\n\r\nThanks!\r\n"
FIRST = (
    "init", "--company", "Acme", "--mail-domain", "po.acme.com", "--mailbox", "orders@acme.com", "--person", "Olga",
    "--address", "olga@acme.com",
)  # fmt: skip


@pytest.fixture(autouse=True)
def a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment and a folder without settings."""
    for name in [name for name in os.environ if name.startswith("POSTROOM_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def run(*words: str, stdin: str | bytes | None = None) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, list(words), input=stdin)


def told(result: Result) -> str:
    """What a person reads after a fault that they can mend; fails if there is none."""
    assert result.exit_code != 0
    words = in_words(result.exception) if result.exception else None
    assert words, result.output
    return words


def objects(result: Result) -> list[dict[str, Any]]:
    """The JSON lines that a command printed."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith(("{", "["))]


def test_fetching_without_a_mailbox_says_what_to_set() -> None:
    """`postroom imap` needs to know where."""
    assert "POSTROOM_IMAP_URL" in told(run("imap"))


def test_imported_mail_is_counted(tmp_path: Path) -> None:
    """And again: nothing is new."""
    assert run(*FIRST).exit_code == 0
    (tmp_path / "mail.eml").write_bytes(MAIL.replace(b"x@po.example.com", b"orders@acme.com"))
    for said in ("1 new, 0 known before", "0 new, 1 known before"):
        result = run("import", "mail", "mail.eml")
        assert result.exit_code == 0, result.output
        assert said in result.stdout


def test_help_names_every_command() -> None:
    """`postroom --help` lists what there is."""
    shown = run("--help").stdout
    for name in (
        "init", "serve", "smtp", "imap", "web", "worker", "deliver", "migrate", "doctor", "status", "read",
        "understand", "explain", "replay", "demo", "company", "supplier", "order", "rfp", "import",
    ):  # fmt: skip
        assert f" {name} " in shown


def test_beginner_gets_from_nothing_to_a_request(tmp_path: Path) -> None:
    """init writes the settings and the first company; an invitation and a request follow from there."""
    assert run(*FIRST).exit_code == 0
    assert 'mail_domain = "po.acme.com"' in (tmp_path / "postroom.toml").read_text()
    assert run("supplier", "invite", "Bolts Ltd", "ana@bolts.example").exit_code == 0
    (tmp_path / "items.csv").write_text(ORDER_LINES)
    words = (
        "rfp",
        "import",
        "items.csv",
        "--number",
        "R-1",
        "--supplier",
        "Bolts Ltd",
        "--deadline",
        "2026-12-01T17:00",
    )
    (first,) = objects(run(*words, "--json"))
    assert (first["number"], first["status"], first["new"]) == ("R-1", "open", True)
    (again,) = objects(run(*words, "--json"))
    assert (again["id"], again["new"]) == (first["id"], False)
    (found,) = objects(run("status", "--json"))
    assert found["documents"]["request"] == {"open": 1}
    assert found["notices"]["queued"] == 2


def test_init_keeps_what_is_there(tmp_path: Path) -> None:
    """Settings that are there are not written over, nor by faulty ones."""
    (tmp_path / "postroom.toml").write_text("workers = 2\n")
    assert "--force" in told(run(*FIRST))
    assert "smtp://host:port" in told(run(*FIRST, "--force", "--relay-url", "http://x"))
    assert (tmp_path / "postroom.toml").read_text() == "workers = 2\n"


def test_init_refuses_what_is_no_address() -> None:
    """A mailbox must be one."""
    assert "is not a mail address" in told(run(*FIRST[:5], "--mailbox", "orders", *FIRST[7:]))


def test_unmigrated_database_says_so() -> None:
    """Commands that need the database say what to run first."""
    Path("var").mkdir()
    Path("var/postroom.db").touch()
    assert "postroom migrate" in told(run("status"))
    assert run("migrate").exit_code == 0
    assert run("status").exit_code == 0


def test_tool_where_no_installation_is_makes_none(tmp_path: Path) -> None:
    """A tool that is run in the wrong folder says so, and leaves nothing there."""
    for words in (("status",), ("explain", "x.eml"), ("supplier", "invite", "B", "b@b.example")):
        assert "There is no Postroom here" in told(run(*words))
    assert list(tmp_path.iterdir()) == []


def test_settings_file_elsewhere_brings_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the file that POSTROOM_CONFIG names does not say lies beside it, wherever the command is run."""
    run(*FIRST)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("POSTROOM_CONFIG", str(tmp_path / "postroom.toml"))
    assert objects(run("status", "--json"))[0]["mails"]["kept"] == 0


def test_script_is_told_which_options_it_left_out() -> None:
    """Without a terminal nobody can be asked: what is missing is named, with exit code 2."""
    result = run("init", "--company", "Acme", "--person", "Olga")
    assert told(result).startswith("Not said: --mail-domain, --mailbox, --address.")
    run(*FIRST)
    assert told(run("supplier", "invite", "Bolts Ltd")).startswith("Not said: ADDRESS.")


def test_company_is_added_once() -> None:
    """A mailbox belongs to one company: a second one with it is refused, and `init --force` keeps the first."""
    run(*FIRST)
    assert run(*FIRST, "--force").exit_code == 0
    words = ("company", "add", "Other", "--mailbox", "orders@acme.com", "--person", "Ben", "--address", "ben@acme.com")
    assert "is there already" in told(run(*words))


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--mailbox", "orders", "not a mail address"),
        ("--mailbox", "Ana <ana@x.example>", "not a mail address"),
        ("--address", "a@b@c.example", "not a mail address"),
        ("--person", " ", "name"),
        ("--mail-domain", "http://x", "not a domain"),
        ("--currency", "POTATO", "no currency"),
        ("--time-zone", "Mars/Base", "no time zone"),
        ("--time-zone", "../../etc/passwd", "no time zone"),
        ("--language", "xx", "no words"),
    ],
)
def test_company_with_a_wrong_word_is_refused(option: str, value: str, words: str) -> None:
    """What would only break later is refused at once."""
    run(*FIRST)
    good = {"--mailbox": "po@other.com", "--person": "Ben", "--address": "ben@other.com"}
    given = [word for pair in (good | {option: value}).items() for word in pair]
    assert words in told(run("company", "add", "Other", *given))


def test_database_away_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer is a sentence with the setting's name."""
    monkeypatch.setenv("POSTROOM_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "POSTROOM_DATABASE_URL" in told(run("status"))


def test_faults_of_settings_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every faulty setting is named at once."""
    monkeypatch.setenv("POSTROOM_WORKERS", "many")
    monkeypatch.setenv("POSTROOM_BASE_URL", "x")
    words = told(run("status"))
    assert "POSTROOM_WORKERS" in words
    assert "POSTROOM_BASE_URL" in words


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("items.csv", "a;b\n1;2\n", "heading line"),
        ("items.csv", "text;quantity\nBolts;five\n", "'five' is no number"),
        ("items.csv", "text;quantity\nBolts;-1\n", "no number"),
        ("items.csv", "text;quantity\n", "no items"),
        ("items.csv", "text;quantity\nBolts;1\n;2\n", "item 2, has no text"),
        ("items.csv", "text;quantity\nBolts;NaN\n", "no number"),
        ("items.txt", "nothing to see", "no document|no items"),
    ],
)
def test_items_that_cannot_be_read_are_told(tmp_path: Path, name: str, content: str, words: str) -> None:
    """A list of items that is none says what is wrong with it."""
    run(*FIRST)
    run("supplier", "invite", "Bolts Ltd", "ana@bolts.example")
    (tmp_path / name).write_text(content)
    import re

    assert re.search(words, told(run("rfp", "import", name, "--number", "R-1", "--supplier", "Bolts Ltd")))


def test_unknown_supplier_and_person_are_told(tmp_path: Path) -> None:
    """Who is not known is named, with what to do."""
    run(*FIRST)
    (tmp_path / "items.csv").write_text(ORDER_LINES)
    assert "invite it first" in told(run("rfp", "import", "items.csv", "--number", "R-1", "--supplier", "Nobody"))
    assert "stranger@x.example" in told(run("supplier", "invite", "B", "b@b.example", "--by", "stranger@x.example"))


def test_file_that_is_not_there_is_told() -> None:
    """A missing file is a sentence."""
    run(*FIRST)
    assert "nowhere.xml cannot be read" in told(run("order", "import", "nowhere.xml"))


def test_read_gives_a_line_for_each_file(tmp_path: Path) -> None:
    """Each file gives its object, in order, whatever it holds and whether it is there."""
    (tmp_path / "mail.txt").write_bytes(MAIL)
    (tmp_path / "empty").write_bytes(b"")
    found = objects(run("read", "mail.txt", "nowhere", "empty", "--json"))
    assert [Path(line["file"]).name for line in found] == ["mail.txt", "nowhere", "empty"]
    assert found[0]["kind"] == "person"
    assert found[1]["defects"]


def test_read_shows_people_what_stands_there(tmp_path: Path) -> None:
    """Without --json the same is shown as text."""
    (tmp_path / "mail.txt").write_bytes(MAIL)
    assert "said: Thanks!" in run("read", "mail.txt").stdout


def test_understand_answers_line_by_line(tmp_path: Path) -> None:
    """Each line gets its answer in order; one that is no case says so."""
    case = {
        "id": "a",
        "situation": "invoice_draft",
        "role": "supplier",
        "context": {},
        "subject": "",
        "body": "confirm",
    }
    (tmp_path / "cases.jsonl").write_text(f"{json.dumps(case)}\nnonsense\n[1]\n")
    found = objects(run("understand", "cases.jsonl", "--json"))
    assert [line["id"] for line in found] == ["a", None, None]
    assert found[0]["actions"] == [{"action": "confirm"}]
    assert found[1]["defects"]


def test_explain_changes_nothing(tmp_path: Path) -> None:
    """`explain` says how a mail would be understood, and keeps nothing."""
    run(*FIRST)
    (tmp_path / "mail.eml").write_bytes(MAIL)
    (found,) = objects(run("explain", "mail.eml", "--json"))
    assert found["steps"]
    (numbers,) = objects(run("status", "--json"))
    assert numbers["mails"]["kept"] == 0


def test_replay_says_what_would_change(tmp_path: Path) -> None:
    """`replay` looks at stored mails, one JSON line each or in words, and refuses what is no moment."""
    run(*FIRST)
    (tmp_path / "mail.eml").write_bytes(MAIL.replace(b"x@po.example.com", b"orders@acme.com"))
    assert run("import", "mail", "mail.eml").exit_code == 0
    (found,) = objects(run("replay", "--json"))
    assert (found["status"], found["from"], found["changes"][0]["before"]) == ("kept", "ana@supplier.example", None)
    shown = run("replay", "--since", "2020-01-01").stdout
    assert "Re: order" in shown
    assert "1 mails looked at, 1 understood differently, 0 routed again." in shown
    assert "is no moment" in told(run("replay", "--since", "yesterday"))


def test_unknown_errors_are_not_hidden() -> None:
    """A fault of ours keeps its traceback; only those that a person can mend are put in words."""
    assert in_words(RuntimeError("ours")) is None


def test_the_details_of_a_company_and_a_supplier_are_kept_and_shown() -> None:
    """What documents name of them; a later word leaves the others as they are."""
    assert run(*FIRST).exit_code == 0
    assert run("supplier", "invite", "Ferrum", "ana@ferrum.example").exit_code == 0
    (kept,) = objects(run("company", "details", "--country", "at", "--vat-id", "ATU12345678", "--json"))
    assert kept == {"vat_id": "ATU12345678", "country": "AT"}
    wish = ("--wants", "invoice-response", "--json")
    (kept,) = objects(run("supplier", "details", "Ferrum", "--city", "Leeds", *wish))
    assert kept == {"city": "Leeds", "wants": ["invoice-response"]}
    assert "city: Leeds" in run("supplier", "details", "Ferrum", "--wants", "nothing").stdout
    assert "two letters" in told(run("company", "details", "--country", "Austria"))


def test_reading_with_the_full_rules_tells_what_an_e_invoice_breaks(tmp_path: Path) -> None:
    """With the extra; without it, what to install."""
    (tmp_path / "invoice.xml").write_bytes(a_ubl_invoice())
    result = run("read", "invoice.xml", "--validate", "--json")
    if can_validate():
        (read,) = objects(result)
        assert {"en16931"} == {defect["code"] for defect in read["defects"]}
    else:
        assert "postroom[validate]" in told(result)
