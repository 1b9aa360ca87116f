from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.build import build
from pipeline.names import pipeline_name
from pipeline.placeholders import names
from tests.pipeline.conftest import Definition, flattened
from tests.pipeline.inputs import VALUES, environment, problem

ROOT = Path(__file__).resolve().parents[2]

#: A process of its own, with nothing in its environment and no network, which writes the definition to stdout.
PROGRAM = f"""
import logging, sys, threading
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests" / "support")!r}, {str(ROOT / "tests" / "pipeline")!r}]
import netguard
attempts = netguard.install()
from pipeline.build import build
from inputs import environment, problem
sys.stdout.write(build(problem(), environment()))
assert (logging.root.handlers, logging.root.level) == ([], logging.WARNING), "the SDK set up the process's logging"
assert threading.active_count() == 1, "the SDK left a thread behind"
sys.exit(f"Something tried to use the network: {{attempts}}" if attempts else 0)
"""


def build_elsewhere(folder: Path, **variables: str) -> str:
    """Build in a new process, in a folder and with no environment variables but these."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, cwd=folder, env=variables
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "a build has nothing to say"
    return done.stdout


def test_every_build_anywhere_gives_the_same_bytes_without_network_or_credentials(tmp_path: Path) -> None:
    for name, text in (".aws/config", "[default]\nregion = us-west-2\n"), (".config/sagemaker/config.yaml", "5\n"):
        settings = tmp_path / "home" / name
        settings.parent.mkdir(parents=True)
        settings.write_text(text)
    here = build(problem(), environment())
    assert build_elsewhere(tmp_path) == here
    elsewhere = {"HOME": str(tmp_path / "home"), "PYTHONHASHSEED": "77", "AWS_PROFILE": "missing", "TZ": "Asia/Tokyo"}
    assert build_elsewhere(tmp_path / "home", **elsewhere) == here


def test_building_twice_in_one_process_gives_the_same_bytes() -> None:
    assert build(problem(), environment()) == build(problem(), environment())


def test_a_build_leaves_the_process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    before = dict(os.environ)
    build(problem(), environment())
    assert dict(os.environ) == before


def test_the_text_is_canonical() -> None:
    text = build(problem(), environment())
    assert text.isascii()
    assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) == text


def test_it_asks_for_exactly_the_known_placeholders() -> None:
    settings: list[dict[str, Any]] = [{}, {"model": "auto"}, {"compile": {"targets": ("ml_c5",)}}]
    plain, auto, compiled = (set(names(build(problem(**each), environment()))) for each in settings)
    assert plain | auto | compiled == VALUES.keys()
    assert auto - plain == {"AutoMLRoleArn"}
    assert "CompileQueueUrl" in compiled - plain
    assert not plain - auto
    assert not plain - compiled


def test_columns_named_like_placeholders_stay_columns(built: Callable[..., Definition]) -> None:
    definition = built(of={"target": "${CodeUri}", "drop": ["${Unknown}"]})
    arguments = flattened(definition)["Prepare"]["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert arguments[arguments.index("--target") + 1] == "${CodeUri}"
    assert arguments[arguments.index("--drop") + 1] == "${Unknown}"


def test_the_steps_stand_where_the_design_puts_them(plain: Definition) -> None:
    assert [step["Name"] for step in plain["Steps"]] == [
        "Prepare", "FindChampion", "TrainBaseline", "Train", "Evaluate", "QualityGate",
    ]  # fmt: skip
    gate = plain["Steps"][-1]["Arguments"]
    (beside,) = gate["IfSteps"]
    passed = beside["Arguments"]["IfSteps"]
    assert beside["Name"] == "ChampionGate"
    assert [step["Name"] for step in passed] == ["Register", "DeployGate"]
    assert [step["Name"] for step in beside["Arguments"]["ElseSteps"]] == ["FailChampion"]
    deployed = passed[-1]["Arguments"]["IfSteps"]
    assert [step["Name"] for step in deployed] == ["CreateModel", "EndpointConfig", "Endpoint", "SmokeTest"]
    assert [step["Name"] for step in gate["ElseSteps"]] == ["Fail"]


def test_every_step_says_what_it_is_for(steps: dict[str, dict[str, Any]]) -> None:
    for step in steps.values():
        assert 0 < len(step["DisplayName"]) <= 256
        assert step["Description"].endswith(".")


def test_only_jobs_are_cached_and_for_as_long_as_the_environment_says(
    steps: dict[str, dict[str, Any]], built: Callable[..., Definition]
) -> None:
    cached = {name: step["CacheConfig"] for name, step in steps.items() if "CacheConfig" in step}
    assert set(cached) == {"Prepare", "TrainBaseline", "Train", "Evaluate"}
    assert all(config == {"Enabled": True, "ExpireAfter": "P14D"} for config in cached.values())
    off = flattened(built(at={"cache_days": 0}))
    assert off["Train"]["CacheConfig"] == {"Enabled": False}


def test_each_zone_has_its_subnet(built: Callable[..., Definition]) -> None:
    two = flattened(built(at={"network": {"zones": 2}}))
    assert two["Train"]["Arguments"]["VpcConfig"]["Subnets"] == [VALUES["PrivateSubnet1"], VALUES["PrivateSubnet2"]]


def test_the_longest_problem_name_gives_a_name_that_the_registry_takes() -> None:
    assert pipeline_name("two_words") == "sageline-two-words"
    assert len(pipeline_name("n" * 40)) <= 63
