"""Writes what in docs/ follows from the code; with --check it only tells whether it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))

from postroom.settings_page import page as settings_page  # noqa: E402
from tests.inbound.meaning.counted import page as understanding_page  # noqa: E402
from workflows.engine.describe import stored_names, workflow_page  # noqa: E402
from workflows.shipped import SHIPPED  # noqa: E402

WRITTEN = {
    DOCS / "settings.md": settings_page,
    DOCS / "understanding.md": understanding_page,
    DOCS / "workflows.md": lambda: workflow_page(SHIPPED),
    DOCS.parent / "tests" / "workflows" / "stored_names.txt": lambda: "\n".join(stored_names(SHIPPED)) + "\n",
}


def main() -> int:
    """Write, or compare; the exit code is the number of files that are not as the code says."""
    check = "--check" in sys.argv[1:]
    stale = 0
    for path, write in WRITTEN.items():
        text = write()
        if not check:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale += 1
            print(f"{path.relative_to(DOCS.parent)} is not what the code says; run `make docs`.")  # noqa: T201
    return stale


if __name__ == "__main__":
    sys.exit(main())
