"""The two sandboxes, for tests that must hold in both."""

from __future__ import annotations

import pytest

NAMES = ("namespace", "rewriting")

BENCH_IN_BOTH = pytest.mark.parametrize("bench", NAMES, indirect=True)
"""Runs a test of single jobs in both; the others run in the one that this machine gives to jobs."""

LAB_IN_BOTH = pytest.mark.parametrize("lab", NAMES, indirect=True)
"""Runs a test of engines in both."""
