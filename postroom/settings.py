"""The settings: from the environment (`POSTROOM_...`), a TOML file and `*_FILE` secrets, checked all at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from inbound.documents.format import OCR_LANGUAGES
from postroom import sources
from postroom.errors import NothingHere, SettingsNotUsable
from postroom.setting_types import (
    BlobsAddress,
    BrokerAddress,
    DatabaseAddress,
    Domain,
    ImapAddress,
    MailPlace,
    NameServers,
    OcrLanguages,
    PageAddress,
    Place,
    RelayAddress,
    Secret,
    Strings,
    TokenAddress,
    Topics,
    TrustOfWays,
    trust_of,
)

if TYPE_CHECKING:
    from store.installation import Installation


class Settings(BaseSettings):
    """Every setting of Postroom; the names in the environment are these with `POSTROOM_` before them."""

    model_config = SettingsConfigDict(
        env_prefix=sources.PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data: Path = Field(
        default=Path("var"),
        description="The folder for what this installation keeps: database, blobs, secret, local socket."
        " Beside the TOML file, unless it begins with a slash.",
    )
    database_url: DatabaseAddress = Field(
        default="",
        repr=False,
        description="Where rows are kept: `sqlite:////folder/file.db` or `postgresql+psycopg://user@host/name`."
        " Unset: `postroom.db` in the data folder.",
    )
    blobs_url: BlobsAddress = Field(
        default="", description="Where large mails and files are kept. Unset: `blobs` in the data folder."
    )
    broker_url: BrokerAddress = Field(
        default=None,
        repr=False,
        description="How processes nudge each other: `amqp://user:password@host/` or `redis://host/0`."
        " Unset: within the process.",
    )
    broker_queue: str = Field(
        default="postroom",
        pattern="^[a-z0-9][a-z0-9-]{0,60}$",
        description="The name of the queue in the broker: lower-case letters, digits and `-`. Two installations on one"
        " broker need two.",
    )
    secret: Secret = Field(
        default=None,
        description="What every link and reply address is signed with, at least 16 characters."
        " Unset: made at the first start and kept in `secret` in the data folder.",
    )
    secret_previous: Secret = Field(
        default=None,
        description="The secret before this one: still accepted, no longer used to sign. Set it while you rotate.",
    )
    smtp_listen: MailPlace = Field(
        default="127.0.0.1:2525", description="Where mail is taken by SMTP; `off`: not at all."
    )
    lmtp_listen: MailPlace = Field(
        default=None, description="Where mail is taken by LMTP, such as `unix:/run/postroom/lmtp`. Unset: not at all."
    )
    tls_certificate: Path | None = Field(
        default=None, description="The certificate, with its chain, that STARTTLS is offered with. Unset: it is not."
    )
    tls_key: Path | None = Field(default=None, description="The key of `tls_certificate`, if it is not in that file.")
    http_listen: Place = Field(default="127.0.0.1:8025", description="Where the pages that links lead to are served.")
    base_url: PageAddress = Field(
        default="",
        description="The address of the pages as people see it, without a path. Unset: the one of `http_listen`.",
    )
    mail_domain: Domain = Field(
        default="postroom.example", description="The domain of reply addresses and Message-IDs; its MX must lead here."
    )
    reply_style: Literal["domain", "plus", "plain"] = Field(
        default="domain",
        description="How reply addresses of new companies are written: `domain` (token@domain), `plus`"
        " (mailbox+token@domain) or `plain` (the mailbox itself, the token in Message-ID and subject).",
    )
    partial_invoices: Literal["difference", "pass"] = Field(
        default="difference",
        description="Whether an invoice for a smaller quantity at the order's price counts as a `difference`, which the"
        " order's owner decides, or may `pass`; for new companies.",
    )
    company: str | None = Field(default=None, description="The name of the first company; `postroom init` asks for it.")
    oauth_token_url: TokenAddress = Field(
        default="",
        description="Where access tokens are asked for, for mail servers that are written with `auth=xoauth2`.",
    )
    oauth_client_id: str = Field(default="", description="The client that the token endpoint knows us by.")
    oauth_client_secret: SecretStr | None = Field(default=None, description="The client's secret.")
    oauth_refresh_token: SecretStr | None = Field(
        default=None,
        description="The refresh token of the mailbox's user. Unset: tokens are asked for in the client's own name.",
    )
    oauth_scope: str = Field(
        default="", description="What the token is for, such as `https://outlook.office365.com/.default`."
    )
    relay_url: RelayAddress = Field(
        default="smtp://127.0.0.1:25",
        repr=False,
        description="Where mail is handed over: `smtp://host:port`, `smtp+starttls://` or `smtps://`,"
        " with `user@` where it wants a login, and `?auth=xoauth2` at the end where it wants a token.",
    )
    relay_password: SecretStr | None = Field(default=None, description="The password of the relay's user.")
    relay_timeout: int = Field(
        default=30, ge=1, le=300, description="Seconds after which a silent relay counts as away."
    )
    trusted_relays: Strings = Field(
        default=(),
        description="The authserv-ids whose topmost Authentication-Results header is believed, separated by commas."
        " Without one, every sender is unproven and is asked to confirm.",
    )
    trust: TrustOfWays = Field(
        default=(),
        description="What proves a sender, for each way in: `smtp=verify,lmtp=relay+arc`, or one word for all ways."
        " `relay`: the Authentication-Results header of `trusted_relays`; `verify`: SPF, DKIM and DMARC checked here;"
        " `arc`: the seal of `arc_sealers`; `tenant`: the marks of `microsoft_tenant`. Unset: `relay`.",
    )
    arc_sealers: Strings = Field(
        default=(),
        description="Domains whose ARC seals are believed, such as `google.com` or `microsoft.com`, separated by"
        " commas: what they found before they redirected a mail counts.",
    )
    microsoft_tenant: str = Field(
        default="",
        pattern="^([0-9a-fA-F-]{36})?$",
        description="The id of your own Microsoft 365 tenant. Believe its marks (`tenant`) only where every mail comes"
        " through it, for it takes them off what strangers send.",
    )
    name_servers: NameServers = Field(
        default=(),
        description="The name servers that `verify` and `arc` ask, as `address:port`, separated by commas."
        " Unset: the machine's own.",
    )
    free_mail_domains: Strings = Field(
        default=("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com",
         "gmx.de", "gmx.net", "web.de", "aol.com", "proton.me", "protonmail.com", "mail.ru", "ukr.net", "wp.pl"),
        description="Domains that never stand for a supplier: anybody can have an address there.",
    )  # fmt: skip
    ocr_languages: OcrLanguages = Field(
        default=OCR_LANGUAGES,
        description="The languages in which scans and photographs of documents are read, as tesseract names them, the"
        " most frequent first. Those that are not installed are passed over.",
    )
    imap_url: ImapAddress = Field(
        default=None,
        repr=False,
        description="The mailboxes whose mail is fetched, separated by spaces or commas: `imaps://user@host/INBOX`"
        " (or `imap+starttls://`), then `?` and, joined by `&`, `done=` and `failed=` (the folders for mails that are"
        " kept and for those that are not ours), `for=` (our address where no header names one), `since=` (a day; older"
        " mails are left alone), `poll=` (seconds, where there is no IDLE), `auth=xoauth2`. A user's @ is written %40.",
    )
    imap_password: SecretStr | None = Field(
        default=None, description="The password for mailboxes in `imap_url` that are written without one."
    )
    ses_topic_arn: Topics = Field(
        default=(),
        description="The SNS topics (ARNs) by which Amazon SES hands in mail at `/in/ses`. Unset: not at all.",
    )
    mailgun_signing_key: Secret = Field(
        default=None,
        description="Mailgun's HTTP webhook signing key: its routes hand in mail at `/in/mailgun/mime`."
        " Unset: not at all.",
    )
    postmark_secret: Secret = Field(
        default=None,
        description="The password in the address, or the last part of it, by which Postmark hands in mail at"
        " `/in/postmark`. Unset: not at all.",
    )
    workers: int = Field(default=4, ge=1, le=64, description="Worker threads in a process.")
    sweep_every: int = Field(default=5, ge=1, le=600, description="Seconds between two looks for rows that are due.")
    stop_within: int = Field(
        default=20, ge=1, le=600, description="Seconds that a stop may take to finish what is in hand."
    )
    mail_bytes: int = Field(default=35 * 1024 * 1024, ge=1024, description="The largest mail that is taken, in bytes.")
    zip_files: int = Field(
        default=50, ge=1, le=1000, description="Files that a ZIP in a mail may hold to be opened; a larger one is told."
    )
    zip_bytes: int = Field(
        default=40 * 1024 * 1024,
        ge=1024,
        le=1024**3,
        description="Bytes that the files of a ZIP may have unpacked, counted while they are.",
    )
    zips_bytes: int = Field(
        default=60 * 1024 * 1024,
        ge=1024,
        le=1024**3,
        description="Bytes that may come out of all ZIPs of one mail; what does not fit stays closed, and it is said.",
    )
    recipients: int = Field(default=100, ge=1, le=10_000, description="Recipients that one mail may have here.")
    connections: int = Field(default=200, ge=1, le=10_000, description="SMTP connections that are served at a time.")
    answer_wait: int = Field(
        default=90,
        ge=0,
        le=600,
        description="Seconds from when a mail came in until it is answered: what the same person writes about the same"
        " document meanwhile is answered with it, and does not put it off. 0: every mail is answered at once, for"
        " itself.",
    )
    mail_tries: int = Field(default=5, ge=1, le=100, description="Tries to act on a mail before it is quarantined.")
    notice_tries: int = Field(
        default=20, ge=1, le=100, description="Tries to hand over a notice before it counts as failed."
    )
    link_days: int = Field(default=60, ge=1, le=3650, description="Days that a link in a mail opens its page.")
    source_in_row: int = Field(
        default=512 * 1024,
        ge=0,
        description="Mails up to this many bytes are kept in the database, larger ones as blobs.",
    )
    log: Literal["auto", "console", "json"] = Field(
        default="auto",
        description="The form of the log: for people, for machines, or as the output is a terminal or not.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is worth a log line."
    )

    @field_validator("relay_url", "imap_url")
    @classmethod
    def _tokens_can_be_had(cls, value: str | None, info: ValidationInfo) -> str | None:
        if (
            value
            and "auth=xoauth2" in value
            and not (info.data.get("oauth_token_url") and info.data["oauth_client_id"])
        ):
            raise ValueError("auth=xoauth2 needs POSTROOM_OAUTH_TOKEN_URL and POSTROOM_OAUTH_CLIENT_ID")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what `load` read from files and hands in."""
        return env_settings, init_settings

    @property
    def hooked(self) -> bool:
        """Whether mail comes in by a webhook."""
        return bool(self.ses_topic_arn or self.mailgun_signing_key or self.postmark_secret)

    @property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'postroom.db'}"

    @property
    def blobs(self) -> str:
        """The blob store's address."""
        return self.blobs_url or (self.data.resolve() / "blobs").as_uri()

    @property
    def pages(self) -> str:
        """The address of the pages as people see it."""
        return self.base_url or f"http://{self.http_listen}"


class _OnlyGiven(Settings):
    """Settings that neither the environment nor a file has a say in."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        *others: PydanticBaseSettingsSource,  # noqa: ARG003
        **named: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller says, alone."""
        return (init_settings,)


def load(**given: Any) -> Settings:
    """The settings of this process; *given* ones stand in for what neither file nor environment says.

    Raises `SettingsNotUsable` with every fault at once.
    """
    faults: list[str] = []
    values = {**given, **sources.from_toml(set(Settings.model_fields), faults), **sources.from_secret_files(faults)}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        descriptions = {name: field.description or "" for name, field in Settings.model_fields.items()}
        faults += [sources.fault(item, descriptions) for item in error.errors(include_url=False, include_input=False)]
        raise SettingsNotUsable(faults) from None
    if faults:
        raise SettingsNotUsable(faults)
    return settings.model_copy(update={"data": sources.folder() / settings.data})


def without_environment(**given: Any) -> Settings:
    """The *given* settings and the defaults alone: a demo must not reach a real installation's database or relay."""
    return _OnlyGiven(**given)


def installation_here(settings: Settings | None = None) -> Installation:
    """The installation that is here; raises `NothingHere` rather than make one where somebody stands by mistake."""
    settings = settings or load()
    path = settings.database.removeprefix("sqlite:///")
    if path != settings.database and not Path(path).exists():
        raise NothingHere(path)
    return installation_of(settings)


def installation_of(settings: Settings) -> Installation:
    """The installation that *settings* describe; its database may not be there yet, its secret is made if missing."""
    from postroom.secret import secrets_of
    from store import schema
    from store.blobs import open_blobs
    from store.database import Database
    from store.installation import Installation
    from store.tokens import Tokens
    from store.trust import TrustRules

    schema.metadata()  # a statement on one table needs to know those that it points at
    return Installation(
        database=Database(settings.database),
        blobs=open_blobs(settings.blobs),
        tokens=Tokens(secrets_of(settings)),
        base_url=settings.pages,
        mail_domain=settings.mail_domain,
        trusted_relays=frozenset(name.lower() for name in settings.trusted_relays),
        trust=TrustRules(
            ways=trust_of(settings.trust),
            sealers=frozenset(name.lower() for name in settings.arc_sealers),
            tenant=settings.microsoft_tenant.lower(),
            name_servers=settings.name_servers,
        ),
        link_days=settings.link_days,
        answer_wait=settings.answer_wait,
        mail_tries=settings.mail_tries,
        notice_tries=settings.notice_tries,
        source_in_row=settings.source_in_row,
        free_mail_domains=frozenset(name.lower() for name in settings.free_mail_domains),
    )
