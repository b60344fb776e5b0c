"""Text whose paragraphs were cut into lines for the way, put together again (RFC 3676, format=flowed)."""


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the lines of own paragraphs; quoted lines stay as they are, for their marks tell where they end.

    `delete_space` is the parameter DelSp: the blank at a line's end was added and goes.
    """
    joined: list[str] = []
    open_line = False
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        if line.startswith(" ") and not line.lstrip(" ").startswith(">"):
            line = line[1:]
        flows = line.endswith(" ") and not line.startswith(">") and line != "-- "
        body = line[:-1] if flows and delete_space else line
        if open_line and not line.startswith(">") and line != "-- " and line:
            joined.append(body)
        else:
            joined.append("\n" + body)
        open_line = flows and bool(line.strip())
    return "".join(joined)[1:]
