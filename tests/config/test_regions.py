from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

from config.regions import REGIONS


def test_the_regions_are_those_of_the_image() -> None:
    spec = importlib.util.find_spec("sagemaker")
    assert spec is not None
    assert spec.submodule_search_locations
    table = Path(next(iter(spec.submodule_search_locations))) / "core" / "image_uri_config" / "xgboost.json"
    versions = json.loads(table.read_text(encoding="utf-8"))
    registries = [version["registries"] for part in _parts(versions) if (version := part.get("3.2-0"))]
    assert registries
    assert set(REGIONS) == set(registries[0])
    assert list(REGIONS) == sorted(REGIONS)


def _parts(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return []
    return [value, *(part for inner in value.values() for part in _parts(inner))]
