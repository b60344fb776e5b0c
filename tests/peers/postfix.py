"""A Postfix of the tests' own: takes mail by SMTP on a free port and hands it to Postroom by a transport of choice."""

from __future__ import annotations

import shutil
import smtplib
import subprocess
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from tests.kill.harness import Fed
from tests.outbound.sink import free_port
from tests.peers.survival import SENDER, let_through

BINARY = shutil.which("postfix") or shutil.which("postfix", path="/usr/sbin")

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mx.example.com
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relay_domains = po.example.com
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtp_host_lookup = native
transport_maps = inline:{{ po.example.com={transport} }}
postroom_destination_recipient_limit = 1
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
default_destination_concurrency_failed_cohort_limit = 1000
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
postroom unix - n n - 2 pipe
  flags=DRX user={user} directory={folder} null_sender=
  argv={command} --sender=${{sender}} --recipient=${{recipient}}
"""


class Postfix:
    """A running server; it needs root. *command* is what its pipe transport `postroom` runs, as *user*."""

    def __init__(self, folder: Path, transport: str, command: Sequence[str] = ("/bin/false",), user: str = "nobody"):
        self.folder = folder
        self.port = free_port()
        self._transport = transport
        self._command = " ".join(command)
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Postfix:
        """Start, and return when it answers."""
        for name in ("queue", "conf"):
            (self.folder / name).mkdir(parents=True)
        let_through(self.folder)
        names = {
            "folder": self.folder, "port": self.port, "transport": self._transport,
            "command": self._command, "user": self._user,
        }  # fmt: skip
        (self.folder / "conf" / "main.cf").write_text(_MAIN.format(**names))
        (self.folder / "conf" / "master.cf").write_text(_MASTER.format(**names))
        with (self.folder / "started").open("a") as said:
            self._process = subprocess.Popen([*self._postfix, "start-fg"], stdout=said, stderr=said)
        for _ in range(150):
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=20):
                    return self
            except (OSError, smtplib.SMTPException):
                Event().wait(0.1)
        self.stop()
        raise AssertionError(f"Postfix does not answer: {self.log}{(self.folder / 'started').read_text()}")

    def stop(self) -> None:
        """End it, and wait for it."""
        if self._process is not None:
            with (self.folder / "started").open("a") as said:
                subprocess.run([*self._postfix, "stop"], stdout=said, stderr=said, timeout=60, check=False)
            self._process.wait(30)
            self._process = None

    def take(self, mails: Sequence[Fed]) -> None:
        """Send *mails*, as another mail server does."""
        with smtplib.SMTP("127.0.0.1", self.port, "supplier.example", timeout=60) as smtp:
            for mail in mails:
                smtp.sendmail(SENDER, [mail.to], mail.source)

    @property
    def waiting(self) -> int:
        """How many mails lie in its queue."""
        names = ("incoming", "active", "deferred", "hold", "corrupt", "maildrop")
        return sum(path.is_file() for name in names for path in (self.folder / "queue" / name).rglob("*"))

    @property
    def log(self) -> str:
        """What it has logged."""
        path = self.folder / "postfix.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    @property
    def _postfix(self) -> list[str]:
        assert BINARY is not None
        return [BINARY, "-c", str(self.folder / "conf")]
