"""A `postroom` process for tests: started with its own folder and ports, stopped by signals."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

from sqlalchemy import text

from store.blobs import FolderBlobs
from store.database import Database
from store.installation import Installation
from store.schema import metadata
from store.tokens import Tokens
from workflows.intake import NewCompany, add_company

SECRET = "a secret for the tests only"
ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """`postroom serve`, or another role, in *folder*; SMTP and HTTP listen on free ports of the loopback."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    role: str = "serve"
    user: str | None = None
    """Whom it runs as; needs root."""
    python: str = sys.executable
    process: subprocess.Popen[str] | None = None
    smtp: int = 0
    http: int = 0
    _beside: Installation | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the process: the settings alone, none of the machine's own."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("POSTROOM_")}
        return {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "POSTROOM_DATA": str(self.folder / "var"),
            "POSTROOM_SMTP_LISTEN": "127.0.0.1:0",
            "POSTROOM_HTTP_LISTEN": "127.0.0.1:0",
            "POSTROOM_MAIL_DOMAIN": "po.example.com",
            "POSTROOM_SECRET": SECRET,
            "POSTROOM_ANSWER_WAIT": "5",
            **self.settings,
        }

    @property
    def installation(self) -> Installation:
        """The installation that the process holds, to look into it from beside."""
        if self._beside is None:
            folder = self.folder / "var"
            url = self.settings.get("POSTROOM_DATABASE_URL", f"sqlite:///{folder}/postroom.db")
            self._beside = Installation(
                database=Database(url),
                blobs=FolderBlobs(folder / "blobs"),
                tokens=Tokens([SECRET.encode()]),
                base_url="http://127.0.0.1",
                mail_domain="po.example.com",
            )
        return self._beside

    def prepare(self, template: Path | None = None) -> None:
        """Add Acme (orders@example.com) to a copy of the SQLite file *template*, or to an emptied PostgreSQL."""
        (self.folder / "var").mkdir(parents=True)
        if template:
            shutil.copyfile(template, self.folder / "var" / "postroom.db")
        else:
            tables = ", ".join(f'"{name}"' for name in metadata().tables)
            with self.installation.database.engine.begin() as connection:
                connection.execute(text(f"truncate {tables} restart identity cascade"))
        add_company(
            self.installation, NewCompany("Acme", "orders@example.com", "po.example.com", "Olga", "olga@example.com")
        )

    def command(self, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run another `postroom` command beside it."""
        return subprocess.run(
            [sys.executable, "-m", "postroom", *words],
            input=stdin, capture_output=True, cwd=self.folder, env=self.environment, timeout=60, check=False,
        )  # fmt: skip

    def start(self) -> Served:
        """Start, and return when it says that it is ready."""
        self.launch()
        return self.wait_ready()

    def wait_ready(self) -> Served:
        """Return when a launched process says that it is ready."""
        assert self.process is not None
        assert self.process.stdout is not None
        overdue = Timer(100, self.process.kill)
        overdue.start()
        ready = self.process.stdout.readline()
        overdue.cancel()
        assert ready.startswith("Postroom is ready"), f"{ready}{self.log}"
        self.smtp = int(found[1]) if (found := re.search(r"SMTP at 127\.0\.0\.1:(\d+)", ready)) else 0
        self.http = int(found[1]) if (found := re.search(r"http://127\.0\.0\.1:(\d+)", ready)) else 0
        return self

    def launch(self) -> None:
        """Start, and do not wait."""
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [self.python, "-m", "postroom", self.role],
                stdout=subprocess.PIPE, stderr=log, text=True, cwd=self.folder, env=self.environment, user=self.user,
            )  # fmt: skip

    def stop(self) -> int:
        """Ask it to end, as an init system does, and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def kill(self) -> None:
        """End it without a word."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.ended()

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self.folder / "log").read_text("utf-8")

    def ended(self) -> int:
        """Wait until it has ended, and return its exit code."""
        assert self.process is not None
        code = self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code
