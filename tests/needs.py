"""Skips that the tests of a change must not pass by."""

from __future__ import annotations

import os

import pytest


def unavailable(what: str, reason: str) -> None:
    """Skip for want of something, or fail where the environment says that it must be there."""
    if what in os.environ.get("CORPUSGATE_REQUIRE", "").split(","):
        pytest.fail(f"{reason}, and CORPUSGATE_REQUIRE names it")
    pytest.skip(reason)
