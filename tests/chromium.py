"""Debian's Chromium, driven by Playwright, for the tests that need a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module: while it is open, its event loop stands in the way of others in this thread."""
    path = shutil.which("chromium")
    if not path:
        if os.environ.get("POSTROOM_TEST_ALL") == "1":
            pytest.fail("Chromium is not installed (Debian: apt install chromium).")
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
