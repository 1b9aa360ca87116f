"""What the product is made of, as a CycloneDX bill of materials: the packages in its lock files, with their digests.

``python -m infra.delivery.bill_of_materials requirements/run.txt package-lock.json`` prints it. The same lock files
give the same bytes: it has no time and no random number.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(locks: Sequence[Path]) -> dict[str, Any]:
    """Return the bill of materials (CycloneDX 1.6) of lock files: pip's, with digests, or npm's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components: dict[str, dict[str, Any]] = {}
    for lock in locks:
        for component in _npm(lock) if lock.suffix == ".json" else _pip(lock):
            components.setdefault(component["bom-ref"], component)
    name = f"{project['name']}@{project['version']}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": name,
                "type": "application",
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [components[ref] for ref in sorted(components)],
    }


def _pip(lock: Path) -> Iterator[dict[str, Any]]:
    text = lock.read_text(encoding="utf-8")
    found = list(_PINNED.finditer(text))
    ends = [each.start() for each in found[1:]] + [len(text)]
    for each, end in zip(found, ends, strict=True):
        name = re.sub(r"[-_.]+", "-", each[1]).lower()
        digests = _DIGEST.findall(text, each.end(), end)
        yield {
            **_component("pypi", name, each[2]),
            # One digest for each of the release's files: which is installed depends on the machine.
            "properties": [{"name": "sageline:sha256", "value": digest} for digest in sorted(digests)],
        }


def _npm(lock: Path) -> Iterator[dict[str, Any]]:
    for path, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            integrity = {"name": "sageline:integrity", "value": package["integrity"]}
            yield {**_component("npm", name, package["version"]), "properties": [integrity]}


def _component(kind: str, name: str, version: str) -> dict[str, Any]:
    address = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    return {"bom-ref": address, "type": "library", "name": name, "version": version, "purl": address}


if __name__ == "__main__":
    json.dump(bill([Path(each) for each in sys.argv[1:]]), sys.stdout, indent=2)
    print()
