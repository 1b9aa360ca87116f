from __future__ import annotations

import hashlib
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline.build
from pipeline import definition as module
from pipeline.definition import cache_key, definition
from tests.pipeline.inputs import environment, problem

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts builds, and answers each with a text of its own: what is cached is tested here, not what is built."""
    texts: list[str] = []

    def counted(*_: object) -> str:
        texts.append(f'{{"build":{len(texts)}}}')
        return texts[-1]

    monkeypatch.setattr(pipeline.build, "build", counted)
    return texts


def entries(cache: Path) -> list[Path]:
    return sorted(cache.iterdir())


def test_a_definition_is_built_once(builds: list[str], tmp_path: Path) -> None:
    cache = tmp_path / "made" / "on demand"
    first = definition(problem(), environment(), cache)
    assert definition(problem(), environment(), cache) == first
    assert len(builds) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: entry.write_bytes(entry.read_bytes()[:-1]),
        lambda entry: entry.write_bytes(b""),
        lambda entry: entry.write_bytes(entry.read_bytes().replace(b"build", b"guild")),
        lambda entry: entry.write_bytes(b"\xff\xfe no text"),
    ],
    ids=["cut short", "empty", "changed", "not text"],
)
def test_a_damaged_entry_is_reported_removed_and_built_again(
    damage: object, builds: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    definition(problem(), environment(), tmp_path)
    (entry,) = entries(tmp_path)
    damage(entry)  # type: ignore[operator]
    with caplog.at_level(logging.WARNING):
        assert definition(problem(), environment(), tmp_path) == builds[1]
    assert caplog.messages == [f"The cached definition {entry} is damaged and is built again."]
    assert definition(problem(), environment(), tmp_path) == builds[1]
    assert len(builds) == 2


def test_a_damaged_entry_is_gone_even_when_building_fails(
    builds: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition(problem(), environment(), tmp_path)
    (entry,) = entries(tmp_path)
    entry.write_text("damaged")

    def fails(*_: object) -> str:
        raise RuntimeError("no SDK")

    monkeypatch.setattr(pipeline.build, "build", fails)
    with pytest.raises(RuntimeError, match="no SDK"):
        definition(problem(), environment(), tmp_path)
    assert entries(tmp_path) == []


def test_an_entry_is_written_whole_or_not_at_all(
    builds: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert definition(problem(), environment(), tmp_path) == builds[0]
    assert entries(tmp_path) == []
    assert caplog.messages == [f"The definition cannot be kept in {tmp_path} (No space left on device)."]


def test_where_the_data_lies_does_not_matter() -> None:
    assert cache_key(problem(data="other.csv"), environment()) == cache_key(problem(), environment())


def test_everything_else_in_problem_and_environment_matters() -> None:
    keys = {
        cache_key(problem(), environment()),
        cache_key(problem(threshold=0.91), environment()),
        cache_key(problem(goal="Another."), environment()),
        cache_key(problem(drop=["a"]), environment()),
        cache_key(problem(), environment(cache_days=3)),
        cache_key(problem(), environment(network={"zones": 2})),
    }
    assert len(keys) == 6


def test_of_the_network_only_the_number_of_its_subnets_matters() -> None:
    vpc = {"id": "vpc-0123abcd", "subnets": ["subnet-0123abcd", "subnet-4567abcd"]}
    keys = [
        cache_key(problem(), environment(network=network))
        for network in ({"zones": 2}, {"zones": 2, "cidr": "10.1.0.0/16", "services": ()}, {"zones": 2, "vpc": vpc})
    ]
    assert keys[0] == keys[1] != keys[2]


def test_the_code_that_builds_and_the_sdk_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache_key(problem(), environment())
    with monkeypatch.context() as patch:
        patch.setattr(module, "_sdk_versions", lambda: [b"sagemaker-4.0.0.dist-info"])
        assert cache_key(problem(), environment()) != before
    with monkeypatch.context() as patch:
        patch.setattr(module, "_sources", lambda _: [b"build.py", b"changed"])
        assert cache_key(problem(), environment()) != before
    assert cache_key(problem(), environment()) == before


def test_the_sdks_version_is_found_without_importing_it() -> None:
    names = [version.decode() for version in module._sdk_versions()]
    assert any(name.startswith("sagemaker-3.") for name in names)


def test_every_module_that_builds_is_part_of_the_key() -> None:
    parts = module._sources(ROOT / "pipeline")
    assert {b"build.py", b"graph.py", b"steps/train.py"} <= set(parts[::2])
    assert hashlib.sha256((ROOT / "pipeline" / "graph.py").read_bytes()).digest() in {
        hashlib.sha256(part).digest() for part in parts[1::2]
    }


def test_a_cached_definition_is_found_without_the_sdk(builds: list[str], tmp_path: Path) -> None:
    text = definition(problem(), environment(), tmp_path)
    program = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests' / 'pipeline')!r}]\n"
        "from pathlib import Path\n"
        "from inputs import environment, problem\n"
        "inputs = problem(), environment()\n"
        "from pipeline.definition import definition\n"
        f"sys.stdout.write(definition(*inputs, Path({str(tmp_path)!r})))\n"
        "heavy = {'sagemaker', 'boto3', 'botocore', 'pandas', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, text, "")
