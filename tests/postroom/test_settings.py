"""Settings: where they come from, and that every fault is said at once."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from postroom import sources
from postroom.errors import PostroomError, SettingsNotUsable
from postroom.secret import secrets_of
from postroom.settings import Settings, installation_of, load, without_environment
from postroom.settings_page import page


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment and a folder without settings."""
    for name in [name for name in os.environ if name.startswith("POSTROOM_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_set_gives_an_embedded_installation(tmp_path: Path) -> None:
    """Without any setting there are SQLite and blobs in the folder `var`, and no broker."""
    settings = load()
    assert settings.database == f"sqlite:///{tmp_path}/var/postroom.db"
    assert settings.blobs == f"file://{tmp_path}/var/blobs"
    assert settings.broker_url is None


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment wins over postroom.toml, and that over the defaults."""
    (tmp_path / "postroom.toml").write_text('mail_domain = "po.acme.com"\nworkers = 2\ntrusted_relays = ["mx1", "mx2"]')
    monkeypatch.setenv("POSTROOM_WORKERS", "7")
    settings = load()
    assert (settings.mail_domain, settings.workers, settings.trusted_relays) == ("po.acme.com", 7, ("mx1", "mx2"))


def test_named_file_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that POSTROOM_CONFIG names and that is missing is a fault, not a default."""
    monkeypatch.setenv("POSTROOM_CONFIG", "/nowhere/postroom.toml")
    with pytest.raises(SettingsNotUsable, match=r"/nowhere/postroom\.toml cannot be read"):
        load()


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each fault of the file, of the secret files and of the environment has its own words, without its value."""
    (tmp_path / "postroom.toml").write_text('mail_domian = "x"\nlink_days = 0')
    (tmp_path / "empty").write_text("\n")
    for name, value in {
        "BASE_URL": "ftp://x", "WORKERS": "many", "SECRET": "too-short", "RELAY_URL_FILE": "/nowhere",
        "SMTP_LISTEN": "25", "BROKER_URL_FILE": str(tmp_path / "empty"), "REPLY_STYLE": "fancy", "MAIL_DOMAIN": "a b",
        "DATABASE_URL": "mysql://x", "BLOBS_URL": "s3:x", "IMAP_URL": "http://x", "HTTP_LISTEN": "off",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"POSTROOM_{name}", value)
    with pytest.raises(SettingsNotUsable) as caught:
        load()
    told = str(caught.value)
    for name in (
        "mail_domian", "LINK_DAYS", "BASE_URL", "WORKERS", "SECRET", "RELAY_URL_FILE", "SMTP_LISTEN", "BROKER_URL_FILE",
        "REPLY_STYLE", "MAIL_DOMAIN", "DATABASE_URL", "BLOBS_URL", "IMAP_URL", "HTTP_LISTEN",
    ):  # fmt: skip
        assert name in told
    assert len(caught.value.faults) == 14
    assert "too-short" not in told


def test_toml_that_is_none_is_told(tmp_path: Path) -> None:
    """A file that is not TOML says where."""
    (tmp_path / "postroom.toml").write_text("workers = = 3")
    with pytest.raises(SettingsNotUsable, match=r"not TOML.*line 1"):
        load()


def test_secret_comes_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """POSTROOM_SECRET_FILE names the file that holds the secret; white space around it does not count."""
    (tmp_path / "s").write_text("  a secret of some length\n")
    monkeypatch.setenv("POSTROOM_SECRET_FILE", str(tmp_path / "s"))
    assert secrets_of(load()) == (b"a secret of some length",)


def test_setting_and_file_at_once_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret that is given twice is not chosen silently."""
    (tmp_path / "s").write_text("a secret of some length")
    monkeypatch.setenv("POSTROOM_SECRET_FILE", str(tmp_path / "s"))
    monkeypatch.setenv("POSTROOM_SECRET", "another secret of some length")
    with pytest.raises(SettingsNotUsable, match="both set"):
        load()


def test_two_secrets_are_accepted_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The present secret comes first, the previous one after it."""
    monkeypatch.setenv("POSTROOM_SECRET", "the present secret")
    monkeypatch.setenv("POSTROOM_SECRET_PREVIOUS", "the previous secret")
    assert secrets_of(load()) == (b"the present secret", b"the previous secret")


def test_first_start_makes_a_secret_for_its_owner_alone(tmp_path: Path) -> None:
    """Without a secret one is made, readable by its owner alone, and found again."""
    first = secrets_of(load())
    file = tmp_path / "var" / "secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first[0]) == 64
    assert secrets_of(load()) == first
    assert [path.name for path in file.parent.iterdir()] == ["secret"]


def test_cut_off_secret_stops_the_start(tmp_path: Path) -> None:
    """A secret file that lost its content is never replaced: every mailed link would stop working."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret").write_text("")
    with pytest.raises(PostroomError, match="backup"):
        secrets_of(load())


def test_passwords_do_not_show_in_a_printed_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings shows neither secrets nor addresses that hold passwords."""
    monkeypatch.setenv("POSTROOM_SECRET", "hush hush hush hush")
    monkeypatch.setenv("POSTROOM_DATABASE_URL", "postgresql://me:hush@db/name")
    monkeypatch.setenv("POSTROOM_RELAY_URL", "smtp://me:hush@relay:25")
    monkeypatch.setenv("POSTROOM_BROKER_URL", "amqp://me:hush@rabbit/")
    settings = load()
    assert "hush" not in repr(settings)
    assert settings.database.startswith("postgresql+psycopg://")


def test_installation_is_made_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation has the settings that rooms may need."""
    monkeypatch.setenv("POSTROOM_BASE_URL", "https://po.acme.com/")
    monkeypatch.setenv("POSTROOM_TRUSTED_RELAYS", "MX.acme.com, mx2.acme.com")
    installation = installation_of(load())
    assert installation.base_url == "https://po.acme.com"
    assert installation.trusted_relays == {"mx.acme.com", "mx2.acme.com"}
    assert "gmail.com" in installation.free_mail_domains
    installation.database.close()


def test_every_setting_is_documented() -> None:
    """docs/settings.md is what the settings say; `make docs` writes it."""
    written = Path(__file__).parents[2] / "docs" / "settings.md"
    assert written.read_text("utf-8") == page()
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"## `{sources.name_of(name)}`" in page()


@pytest.mark.parametrize(
    ("given", "meant"),
    [("[::]:25", "[::]:25"), (":25", "0.0.0.0:25"), ("off", None), ("unix:/run/smtp", "unix:/run/smtp")],
)
def test_places_to_listen(monkeypatch: pytest.MonkeyPatch, given: str, meant: str | None) -> None:
    """A place is host and port, a port alone for every address, a socket, or `off`."""
    monkeypatch.setenv("POSTROOM_SMTP_LISTEN", given)
    assert load().smtp_listen == meant


def test_demo_keeps_away_from_a_real_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the environment says of a real database and relay is not what the demo uses."""
    monkeypatch.setenv("POSTROOM_DATABASE_URL", "postgresql://real@db.acme.com/postroom")
    monkeypatch.setenv("POSTROOM_RELAY_URL", "smtp://mail.acme.com")
    settings = without_environment(data=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path.resolve()}/postroom.db"
    assert settings.relay_url == Settings.model_fields["relay_url"].default
