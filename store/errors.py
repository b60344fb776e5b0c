"""What can go wrong in the store."""

from __future__ import annotations

from sqlalchemy.exc import DontWrapMixin


class StoreError(Exception):
    """The base of all; never raised itself."""


class AmountTooLarge(DontWrapMixin, StoreError):
    """Raised when an amount does not fit the store: more than twelve digits before the point."""


class MomentWithoutZone(StoreError):
    """Raised when a moment without a time zone is to be kept: it could mean any of 24 hours."""


class WriteInsideWrite(StoreError):
    """Raised when a thread that holds the write transaction opens another: it would wait for itself."""


class BlobMissing(StoreError):
    """Raised when a blob that a row names is not in the blob store."""


class SchemaNotCurrent(StoreError):
    """Raised when the database was never migrated, or by another version; `postroom migrate` mends it."""
