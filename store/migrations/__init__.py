"""The steps by which a database grows; each runs before the code that needs it, and the code before it still runs."""
