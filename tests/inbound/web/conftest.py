"""Fixtures of the pages' tests: a small world and a browser on it."""

from __future__ import annotations

import pytest

from store.installation import Installation
from tests.inbound.web.world import Browser, World, make_world


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme with two suppliers."""
    return make_world(installation)


@pytest.fixture
def browser(installation: Installation) -> Browser:
    """A browser on the pages."""
    return Browser(installation)
