from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader

from config import instance_types, load_environment
from config.environment import Environment
from config.errors import ConfigurationError
from config.settings.workbench import LEAST_VOLUME, MOST_VOLUME
from config.workbench_checks import workbench_mistakes

HEAD = """\
account: "111122223333"
region: eu-central-1
instances: {processing: ml.m5.large, training: [ml.m5.xlarge], inference: ml.m5.large}
"""
VPC = {"id": "vpc-0a1b2c3d", "subnets": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]}
GROUPS = {**VPC, "security_groups": dict.fromkeys(("jobs", "functions", "notebooks", "endpoints"), "sg-0a1b2c3d")}
GITHUB = "repository: {url: https://github.com/team/models}"
CODECOMMIT = "repository: {url: https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/models}"
SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:git-a1B2c3"  # noqa: S105 - a name


def load(folder: Path, workbench: str) -> Environment:
    lines = "".join(f"  {line}\n" for line in workbench.splitlines())
    path = folder / "there.yaml"
    path.write_text(f"{HEAD}workbench:\n{lines}", encoding="utf-8")
    return load_environment(path)


def mistakes(folder: Path, workbench: str) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        load(folder, workbench)
    return [f"{each.path}: {each.message} {each.fix}" for each in raised.value.mistakes]


def test_by_default_nothing_stands_there_that_costs(tmp_path: Path) -> None:
    workbench = load(tmp_path, "idle_minutes: 60").workbench
    assert workbench.notebooks == {}
    assert workbench.studio is None
    assert workbench.repository is None
    assert not workbench.internet


def test_a_notebook_takes_what_is_said_for_all_where_it_says_nothing(tmp_path: Path) -> None:
    notebooks = load(tmp_path, "notebooks:\n  alice:\n  fraud-team: {volume_gib: 200}").workbench.notebooks
    assert list(notebooks) == ["alice", "fraud-team"]
    assert notebooks["alice"].volume_gib is None
    assert notebooks["fraud-team"].volume_gib == 200


@pytest.mark.parametrize(
    ("workbench", "expected"),
    [
        ("notebooks: {Alice: {}}", "workbench.notebooks.Alice"),
        ("notebooks: {a_team: {}}", "workbench.notebooks.a_team"),
        (
            "notebooks: {alice: {instance_type: ml.m5.large}}",
            "workbench.notebooks.alice.instance_type: `ml.m5.large` is",
        ),
        ("instance_type: ml.t3.mdium", "workbench.instance_type: `ml.t3.mdium` is no instance type that SageMaker has"),
        ("instance_type: ml.p3.2xlarge", "workbench.instance_type: `ml.p3.2xlarge` does not run Amazon Linux 2023"),
        ("volume_gib: 19", "workbench.volume_gib: 19 is out of range. Write a number of at least 20."),
        ("volume_gib: 16385", "workbench.volume_gib: 16385 is out of range. Write a number of at most 16,384."),
        ("idle_minutes: 14", "workbench.idle_minutes: 14 is out of range. Write a number of at least 15."),
        ("idle_minutes: 0", "workbench.idle_minutes: 0 is out of range."),
        ("notebooks: {alice: {zone: 3}}", "workbench.notebooks.alice.zone: the network has 2 subnets."),
        ("packages: conda", "workbench.packages: `conda` is none of the choices."),
        ("packages: index", "workbench.packages: the package index is on the internet, which notebooks do not reach."),
        (
            GITHUB,
            "workbench.repository.url: `https://github.com/team/models` is on the internet, which notebooks do not",
        ),
        (
            "repository: {url: git@github.com:team/models}",
            "workbench.repository.url: `git@github.com:team/models` is no",
        ),
        (
            "repository: {url: https://me:secret@host/models}",
            "workbench.repository.url: credentials do not belong into",
        ),
        (CODECOMMIT, "network.services: without `git-codecommit` notebooks do not reach `workbench.repository`."),
        (CODECOMMIT.replace("eu-central-1", "eu-west-1"), "workbench.repository.url: it is in eu-west-1, and the"),
        (
            CODECOMMIT[:-1] + f", secret: '{SECRET}'}}",
            "workbench.repository.secret: CodeCommit asks for the notebook's",
        ),
        (CODECOMMIT[:-1] + ", branch: a b}", "workbench.repository.branch: `a b` cannot be the name of a branch."),
        (CODECOMMIT[:-1] + ", branch: -x}", "workbench.repository.branch: `-x` cannot be the name of a branch."),
        (CODECOMMIT[:-1] + ", secret: word}", "workbench.repository.secret: `word` is no ARN of a secret."),
        ("internet: true", "workbench.internet: a network that is made here has no way to the internet."),
        ("studio: {users: [alice, alice]}", "workbench.studio.users: it lists a name twice."),
        ("studio: {users: [a_b]}", "workbench.studio.users[0]: `a_b` cannot be the name of a person or team here."),
        ("studio: {idle_minutes: 59}", "workbench.studio.idle_minutes: 59 is out of range."),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, workbench: str, expected: str) -> None:
    found = mistakes(tmp_path, workbench)
    assert any(each.startswith(expected) for each in found), found


def test_every_mistake_is_listed_at_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "idle_minutes: 1\nvolume_gib: 1\nnotebooks: {A: {}}")
    assert [each.split(":")[0] for each in found] == [
        "workbench.idle_minutes",
        "workbench.volume_gib",
        "workbench.notebooks.A",
    ]


def between(network: dict[str, Any], **workbench: Any) -> list[str]:
    """Return what is wrong between a workbench and a network."""
    values = {"region": "eu-central-1", "network": network, "workbench": workbench}
    return [f"{each.path}: {each.message} {each.fix}" for each in workbench_mistakes(values)]


def test_a_service_that_notebooks_need_is_asked_for() -> None:
    (found,) = between({"services": ["sqs"]}, notebooks={"alice": None})
    assert found.startswith("network.services: without `sagemaker.api` notebooks cannot stop when they are idle")
    assert between({"services": ["sagemaker.api"]}, notebooks={"alice": None}) == []


def test_the_way_to_codecommit_is_asked_for_where_the_network_is_made_here() -> None:
    repository = {"url": "https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/models"}
    assert between({"services": ["sagemaker.api", "git-codecommit"]}, repository=repository) == []
    assert between({"vpc": VPC}, repository=repository) == []


def test_a_network_with_internet_takes_any_repository_and_the_index() -> None:
    repository = {"url": "https://github.com/team/models", "secret": SECRET}
    assert between({"vpc": GROUPS}, internet=True, packages="index", repository=repository) == []


def test_security_groups_that_are_made_have_no_way_to_the_internet() -> None:
    (found,) = between({"vpc": VPC}, internet=True)
    assert found.startswith("workbench.internet: the security groups that are made here let notebooks out to the VPC's")


def test_a_secret_is_in_the_environments_region() -> None:
    repository = {"url": "https://github.com/team/models", "secret": SECRET.replace("eu-central-1", "eu-west-1")}
    (found,) = between({"vpc": GROUPS}, internet=True, repository=repository)
    assert found.startswith("workbench.repository.secret: the secret is in another region")


def test_the_index_is_used_with_the_list_of_a_repository() -> None:
    (found,) = between({"vpc": GROUPS}, internet=True, packages="index")
    assert found.startswith("workbench.packages: the list of packages to install is in the repository")


def test_a_subnet_of_an_existing_network_is_counted() -> None:
    assert between({"vpc": VPC}, notebooks={"alice": {"zone": 2}}) == []
    (found,) = between({"vpc": VPC}, notebooks={"alice": {"zone": 3}})
    assert found.startswith("workbench.notebooks.alice.zone: the network has 2 subnets.")


def test_bounds_and_names_are_within_the_services_own() -> None:
    shapes = Loader().load_service_model("sagemaker", "service-2")["shapes"]
    volume = shapes["NotebookInstanceVolumeSizeInGB"]
    assert volume["min"] <= LEAST_VOLUME < MOST_VOLUME == volume["max"]
    assert set(shapes["InstanceType"]["enum"]) == instance_types.NOTEBOOK
    for name in ("a", "fraud-team", "a1-b2", "a" * 40):
        assert re.fullmatch(shapes["UserProfileName"]["pattern"], name), name
