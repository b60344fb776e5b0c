"""A Dovecot of the tests' own: IMAP and LMTP on free ports of the loopback, one account, everything in one folder."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from threading import Event

from imapclient import IMAPClient

from tests.outbound.sink import free_port
from tests.peers.survival import let_through

USER, PASSWORD = "orders@example.com", "the-password"
BINARY = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
{tls}
disable_plaintext_auth = no
protocols = imap lmtp
listen = 127.0.0.1
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {mail_user}
mail_gid = {mail_group}
mail_location = maildir:{folder}/mail:LAYOUT=fs
mail_fsync = never
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
auth_mechanisms = plain login xoauth2
imap_capability = {capability}
recipient_delimiter = +
protocol lmtp {{
  auth_username_format = {account}
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
}}
{tokens}
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/home allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""

_TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/tokens.conf
}}
"""


class Dovecot:
    """A running server; `start` it in an empty folder."""

    def __init__(
        self, folder: Path, *, capability: str = "", separator: str = "/", certificate: str = "", tokens: str = ""
    ) -> None:
        self.folder = folder
        self.imap, self.lmtp, self.imaps = free_port(), free_port(), free_port()
        self._tls = f"ssl = yes\nssl_cert = <{certificate}\nssl_key = <{certificate}" if certificate else "ssl = no"
        self._tokens = tokens
        self._capability = capability
        self._separator = separator
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def configuration(self) -> Path:
        """The file that it is started with."""
        return self.folder / "dovecot.conf"

    def start(self) -> Dovecot:
        """Start, and return when it answers."""
        self.folder.mkdir(exist_ok=True)
        root = os.geteuid() == 0
        me, mine = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
        nobody = pwd.getpwnam("nobody")
        group = grp.getgrgid(nobody.pw_gid).gr_name
        self.configuration.write_text(
            _CONFIGURATION.format(
                tls=self._tls, tokens=_TOKENS.format(folder=self.folder) if self._tokens else "",
                imaps=self.imaps if "yes" in self._tls else 0,
                folder=self.folder, imap=self.imap, lmtp=self.lmtp, account=USER, password=PASSWORD,
                mail_user="nobody" if root else me, mail_group=group if root else mine,
                user="dovecot" if root else me, group="dovecot" if root else mine,
                login_user="dovenull" if root else me, capability=self._capability, separator=self._separator,
            )
        )  # fmt: skip
        (self.folder / "tokens.conf").write_text(
            f"introspection_url = {self._tokens}\nintrospection_mode = auth\nusername_attribute = email\n"
        )
        for name in ("mail", "home", "run"):
            (self.folder / name).mkdir(exist_ok=True)
            if root and name != "run":
                os.chown(self.folder / name, nobody.pw_uid, nobody.pw_gid)
        if root:
            let_through(self.folder)
        assert BINARY is not None
        with (self.folder / "started").open("a") as said:
            self._process = subprocess.Popen([BINARY, "-F", "-c", str(self.configuration)], stdout=said, stderr=said)
        for _ in range(100):
            try:
                with self.client():
                    return self
            except OSError:
                Event().wait(0.1)
        self.stop()
        raise AssertionError(f"Dovecot does not answer: {self.log}{(self.folder / 'started').read_text()}")

    def stop(self) -> None:
        """End it, and wait for it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    @property
    def log(self) -> str:
        """What it has logged."""
        path = self.folder / "dovecot.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    @property
    def url(self) -> str:
        """The mailbox as the settings write it, without the password."""
        return f"imap://{USER.replace('@', '%40')}@127.0.0.1:{self.imap}/INBOX"

    def client(self) -> IMAPClient:
        """A logged-in client of the tests."""
        client = IMAPClient("127.0.0.1", self.imap, ssl=False, timeout=20)
        client.login(USER, PASSWORD)
        return client

    def counts(self, folder: str) -> tuple[int, int]:
        """How many mails lie in *folder*, and how many of them are unread."""
        folder = folder.replace("/", self._separator)
        with self.client() as client:
            if not client.folder_exists(folder):
                return 0, 0
            found = client.folder_status(folder, ["MESSAGES", "UNSEEN"])
            return int(found[b"MESSAGES"]), int(found[b"UNSEEN"])
