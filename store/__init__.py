"""What is kept: tables, types, tokens, blobs, queue, migrations."""
