"""`python -m postroom`: the same door as the `postroom` command."""

from __future__ import annotations

from postroom.command import main

if __name__ == "__main__":
    main()
