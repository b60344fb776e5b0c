"""What a document says: readers that make a `Reading` of bytes, one module a format."""
