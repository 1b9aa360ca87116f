from __future__ import annotations

from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from infra.delivery.licences import ALLOWED, READ_BY_HAND, licences, refused

ROOT = Path(__file__).parents[3]
RUN = ROOT / "requirements" / "run.txt"


def package(folder: Path, metadata: str) -> PathDistribution:
    place = folder / "some-1.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.4\nName: some\nVersion: 1\n{metadata}\n", encoding="utf-8")
    return PathDistribution(place)


def test_every_package_of_a_run_is_under_a_licence_that_is_allowed() -> None:
    assert refused(RUN) == []


def test_what_was_read_by_hand_is_still_in_use() -> None:
    locked = RUN.read_text(encoding="utf-8")
    assert [name for name in READ_BY_HAND if f"\n{name}==" not in locked] == []


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        ("License-Expression: (MIT AND BSD-3-Clause) OR Apache-2.0", {"MIT", "BSD-3-Clause", "Apache-2.0"}),
        ("License: GPL-3.0\nClassifier: License :: OSI Approved :: MIT License", {"MIT License"}),
        ("License: MIT", {"MIT"}),
        ("Classifier: Programming Language :: Python", set()),
        ("License-Expression: MIT OR GPL-3.0-only", {"MIT", "GPL-3.0-only"}),
    ],
)
def test_a_licence_is_what_the_packages_metadata_says(tmp_path: Path, metadata: str, found: set[str]) -> None:
    assert set(licences(package(tmp_path, metadata))) == found


def test_a_licence_that_is_not_in_the_list_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "run.txt"
    lock.write_text("boto3==1\n", encoding="utf-8")
    monkeypatch.setattr("infra.delivery.licences.ALLOWED", ALLOWED - {"Apache-2.0", "Apache Software License"})
    (sentence,) = refused(lock)
    assert sentence.startswith("boto3 1 is under Apache-2.0. Read its licence;")


def test_a_package_that_is_not_there_is_not_taken_for_a_good_one(tmp_path: Path) -> None:
    lock = tmp_path / "run.txt"
    lock.write_text("nobody-has-this==1\nnor-this==2 ; sys_platform == 'plan9'\n", encoding="utf-8")
    assert refused(lock) == ["nobody-has-this 1 is not installed: run `make setup`."]


def test_the_product_has_a_licence_whose_text_is_the_standards() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
