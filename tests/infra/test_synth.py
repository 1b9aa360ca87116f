"""Synth needs no credentials, no network and no clock, and gives the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stacks import Template

ROOT = Path(__file__).parents[2]


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def with_nothing(folder: Path, *, home: Path) -> dict[str, str]:
    """Run the application as the CDK does, in an environment that has nothing, and return its files' digests."""
    environment = {
        "HOME": str(home),
        "PATH": os.defpath,
        "CDK_OUTDIR": str(folder),
        "PYTHONPATH": str(ROOT),
        "CDK_CONTEXT_JSON": '{"checks": "off"}',
    }
    code = (
        "import runpy; from tests.support import netguard; netguard.install();"
        "runpy.run_path('app.py', run_name='__main__')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True)
    return digests(folder)


def in_this_process(folder: Path) -> dict[str, str]:
    from config import environment_names  # noqa: PLC0415
    from infra.application import build, environments, new_app, synthesise  # noqa: PLC0415 - starts Node

    app = new_app(outdir=str(folder))
    build(app, environments(environment_names()))
    synthesise(app, checks=False)
    return digests(folder)


def test_two_synths_the_first_without_credentials_or_network_give_the_same_bytes(tmp_path: Path) -> None:
    first = with_nothing(tmp_path / "one", home=tmp_path / "home-one")
    assert first == in_this_process(tmp_path / "elsewhere" / "two")
    assert any(name.endswith(".template.json") for name in first)


def test_there_are_no_custom_resources_and_no_functions_that_only_the_cdk_wants(templates: dict[str, Template]) -> None:
    types = {each["Type"] for template in templates.values() for each in template["Resources"].values()}
    assert not [each for each in types if each.startswith("Custom::") or each == "AWS::CloudFormation::CustomResource"]


def test_wrong_configuration_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    from config import ConfigurationError  # noqa: PLC0415
    from infra.application import environments  # noqa: PLC0415 - starts Node

    wrong = tmp_path / "there.yaml"
    wrong.write_text('account: "1"\nregion: mars-north-1\ninstances: {processing: a, training: [], inference: b}\n')
    with pytest.raises(ConfigurationError) as caught:
        environments([str(wrong), "nowhere"])
    assert len(caught.value.mistakes) == 6


def test_two_environments_in_one_place_are_refused(tmp_path: Path) -> None:
    from config import ConfigurationError  # noqa: PLC0415
    from infra.application import environments  # noqa: PLC0415 - starts Node

    twin = tmp_path / "twin.yaml"
    twin.write_text((ROOT / "config" / "environments" / "dev.yaml").read_text("utf-8"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="twin and dev are both in account 111122223333, region eu-central-1"):
        environments(["dev", str(twin)])


def with_settings(folder: Path, text: str) -> Path:
    file = folder / "there.yaml"
    file.write_text((ROOT / "config" / "environments" / "dev.yaml").read_text("utf-8") + text, encoding="utf-8")
    return file


def test_what_settings_say_of_other_problems_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    from config import ConfigurationError  # noqa: PLC0415
    from infra.application import environments, problems  # noqa: PLC0415 - starts Node

    file = with_settings(tmp_path, "problems: [digits]\npipelines: {schedules: {diabetes: rate(1 day)}}\n")
    (environment,) = environments([str(file)])
    with pytest.raises(ConfigurationError, match="the environment has no problem `diabetes`"):
        problems(environment)


def test_problems_with_one_pipeline_name_and_every_mistake_in_problems_are_refused(tmp_path: Path) -> None:
    from config import ConfigurationError  # noqa: PLC0415
    from infra.application import environments, problems  # noqa: PLC0415 - starts Node

    text = (ROOT / "config" / "problems" / "digits.yaml").read_text("utf-8")
    for name in ("a_b", "a-b"):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    file = with_settings(tmp_path, f"problems: [{tmp_path}/a_b.yaml, {tmp_path}/a-b.yaml]\n")
    with pytest.raises(ConfigurationError, match="2 problems would have the pipeline sageline-a-b"):
        problems(environments([str(file)])[0])
    file = with_settings(tmp_path, "problems: [digit, diabete]\n")
    with pytest.raises(ConfigurationError) as caught:
        problems(environments([str(file)])[0])
    assert [each.path for each in caught.value.mistakes] == ["digit", "diabete"]


def test_a_problem_that_the_environment_cannot_serve_as_it_asks_is_refused(tmp_path: Path) -> None:
    from config import ConfigurationError  # noqa: PLC0415
    from infra.application import environments, problems  # noqa: PLC0415 - starts Node

    text = (ROOT / "config" / "problems" / "digits.yaml").read_text("utf-8")
    (tmp_path / "served.yaml").write_text(f"{text}\ncompile: {{targets: [ml_c5], endpoint: true}}\n", encoding="utf-8")
    file = with_settings(tmp_path, f"problems: [{tmp_path}/served.yaml]\n")
    with pytest.raises(ConfigurationError, match=r"served compile\.endpoint: the endpoint's instances in"):
        problems(environments([str(file)])[0])
