"""The blob store: bytes by their SHA-256, written once and whole, durable before the row that names them commits."""

from __future__ import annotations

import hashlib
import os
import tempfile
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
    """Blobs as files below a folder, two levels deep, each synced with its folder before `put` returns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        for folder in (path.parent, path.parent.parent, self._folder):
            _sync_folder(folder)
        return name

    def get(self, name: str) -> bytes:
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise BlobMissing(name)
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(name) from error

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:4] / name


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
