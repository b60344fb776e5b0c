"""The blob store: bytes by their SHA-256, written once and whole, durable before the row that names them commits."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from store.errors import BlobMissing


class Blobs(Protocol):
    """What any blob store does."""

    def put(self, content: bytes) -> str:
        """Keep *content* and return its name, the hex SHA-256; the same content again is the same blob."""

    def get(self, name: str) -> bytes:
        """The content of *name*; raises `BlobMissing`."""


class FolderBlobs:
    """Blobs as files in 256 folders below one, each synced with its folder before `put` returns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._synced: set[Path] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        if path.parent not in self._synced:
            path.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(self._folder)
            self._synced.add(path.parent)
        unfinished = f"{path}.{secrets.token_hex(8)}"
        file = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            with open(file, "wb") as writer:  # noqa: PTH123 - a descriptor, not a path
                writer.write(content)
                writer.flush()
                os.fsync(file)
            os.rename(unfinished, path)  # noqa: PTH104 - measured: this is the way of every large mail
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return name

    def get(self, name: str) -> bytes:
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise BlobMissing(name)
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(name) from error

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def open_blobs(url: str) -> Blobs:
    """The blob store at *url*: `file:///folder`."""
    parts = urlsplit(url)
    if parts.scheme != "file" or not parts.path:
        raise ValueError(f"blobs are kept under a file:///folder address, not {parts.scheme or 'this'}")
    return FolderBlobs(Path(unquote(parts.path)))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
