"""Reads attachments for the route: in the warm child process, which can be killed when a document is hostile."""

from __future__ import annotations

from collections.abc import Sequence

from inbound.documents.document import read_document
from inbound.letter import Attachment
from workflows.reading import Reading


def read_attachment(attachment: Attachment, open_orders: Sequence[str]) -> Reading | None:
    """The reading of *attachment*; None when it is no document."""
    return read_document(attachment.content, attachment.name, open_orders=open_orders)
