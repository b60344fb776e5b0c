"""What a person gave with a form: words and files, within limits and without what no database keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import UploadFile

from inbound.web.guard import Limits
from store.installation import Installation
from store.types import storable
from workflows.engine.act import GivenFile

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """The fields of a form, the first value of each, and its files."""

    values: Mapping[str, str]
    files: tuple[Upload, ...] = ()

    def text(self, name: str) -> str:
        """The words in a field, trimmed; empty where it is missing."""
        return self.values.get(name, "").strip()

    @property
    def version(self) -> int:
        """The version that the person saw; 0 where the form does not say, which is older than any."""
        said = self.text("version")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


async def given(request: Request) -> Given:
    """Read the form; raises 400 for what is no form, and `BodyTooLarge`."""
    limits: Limits = request.app.state.limits
    try:
        async with request.form(max_files=limits.files, max_fields=limits.fields, max_part_size=limits.field) as form:
            values: dict[str, str] = {}
            files: list[Upload] = []
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    if value.filename:
                        files.append(Upload(_file_name(value.filename), _type(value), await value.read()))
                else:
                    values.setdefault(storable(name)[:100], storable(value))
    except (ValueError, LookupError, AssertionError) as error:
        raise HTTPException(400, "This form could not be read.") from error
    return Given(values, tuple(file for file in files if file.content))


Form = Annotated[Given, Depends(given)]


def keep(installation: Installation, uploads: tuple[Upload, ...]) -> tuple[GivenFile, ...]:
    """Keep the files in the blob store, which comes before any row names them."""
    return tuple(
        GivenFile(upload.name, upload.type, len(upload.content), installation.blobs.put(upload.content))
        for upload in uploads
    )


def _file_name(name: str) -> str:
    last = storable(name).replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip(" .")[:LONGEST_NAME] or "file"


def _type(upload: UploadFile) -> str:
    said = (upload.content_type or "").partition(";")[0].strip().lower()
    return said[:128] if said.isascii() and said.isprintable() and "/" in said else "application/octet-stream"
