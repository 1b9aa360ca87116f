from __future__ import annotations

import importlib
import sys

import pytest

from inference.lean import without


def test_a_package_looks_absent_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with without("colorsys"), pytest.raises(ImportError, match="colorsys is not used here"):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys").rgb_to_hsv


def test_what_is_loaded_stays() -> None:
    importlib.import_module("colorsys")
    with without("colorsys"):
        assert importlib.import_module("colorsys").rgb_to_hsv
