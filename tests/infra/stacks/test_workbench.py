from __future__ import annotations

import base64
from typing import Any

import pytest

from infra import wheels
from tests.infra.settings import CODECOMMIT, FULL
from tests.support.stacks import Template, only, properties, resources, statements, template

SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:git-a1B2c3"  # noqa: S105 - a name
GITHUB = {"url": "https://github.com/team/models", "branch": "main", "secret": SECRET}
ALICE: dict[str, Any] = {"workbench.notebooks": {"alice": {}}}
#: CloudFormation knows a notebook, and its disk, by this alone.
LOGICAL_IDS = {"NotebookaliceInstanceC79E6389", "NotebookfraudteamInstanceF39F4498"}


def notebook(**settings: Any) -> Any:
    made = template("workbench", {**ALICE, **settings})
    return properties(made, "AWS::SageMaker::NotebookInstance", "Notebookalice")


def at_start(made: Template) -> tuple[str, list[Any]]:
    """Return the script that runs at every start, and the references in it."""
    (hook,) = only(made, "AWS::SageMaker::NotebookInstanceLifecycleConfig")["OnStart"]
    joined = hook["Content"]["Fn::Base64"]
    parts = joined["Fn::Join"][1] if isinstance(joined, dict) else [joined]
    return "".join(part for part in parts if isinstance(part, str)), [
        part for part in parts if not isinstance(part, str)
    ]


def started_with(**settings: Any) -> dict[str, str]:
    """Return the settings that the programs on a notebook are given."""
    text, _ = at_start(template("workbench", settings))
    block = text.split("settings.sh << 'END-OF-FILE'\n", 1)[1].split("END-OF-FILE", 1)[0]
    pairs = [line.partition("=") for line in block.splitlines()]
    return {name: value.strip("'") for name, _, value in pairs}


def test_by_default_there_is_nothing_that_costs() -> None:
    types = {each["Type"] for each in template("workbench")["Resources"].values()}
    assert types == {"AWS::SageMaker::NotebookInstanceLifecycleConfig", "AWS::IAM::ManagedPolicy"}


def test_a_notebook_is_private_encrypted_and_without_root() -> None:
    made = notebook()
    assert made["DirectInternetAccess"] == "Disabled"
    assert made["RootAccess"] == "Disabled"
    assert made["PlatformIdentifier"] == "notebook-al2023-v1"
    assert made["InstanceMetadataServiceConfiguration"] == {"MinimumInstanceMetadataServiceVersion": "2"}
    assert "ArtifactsKey" in made["KmsKeyId"]["Fn::ImportValue"]
    assert "Notebooks" in made["SecurityGroupIds"][0]["Fn::ImportValue"]
    assert "PrivateSubnet1" in made["SubnetId"]["Fn::ImportValue"]
    assert "NotebookRole" in made["RoleArn"]["Fn::ImportValue"]


def test_a_notebook_outlives_its_stack_under_a_name_that_stands_in_nobodys_way() -> None:
    found = resources(template("workbench", FULL), "AWS::SageMaker::NotebookInstance")
    assert set(found) == LOGICAL_IDS
    for each in found.values():
        assert (each["DeletionPolicy"], each["UpdateReplacePolicy"]) == ("Retain", "Retain")
        assert "NotebookInstanceName" not in each["Properties"]
    assert {"NotebookOfAlice", "NotebookOfFraudTeam"} <= set(template("workbench", FULL)["Outputs"])


def test_adding_a_notebook_changes_no_other() -> None:
    alone = resources(template("workbench", ALICE), "AWS::SageMaker::NotebookInstance")
    beside = resources(
        template("workbench", {"workbench.notebooks": {"aaron": {}, "alice": {}}}), "AWS::SageMaker::NotebookInstance"
    )
    assert alone.items() <= beside.items()


def test_a_notebook_is_tagged_with_whose_it_is() -> None:
    tags = {each["Key"]: each["Value"] for each in notebook()["Tags"]}
    assert tags == {"sageline:environment": "dev", "sageline:owner": "alice"}


@pytest.mark.parametrize(
    ("setting", "value", "place", "expected"),
    [
        ("workbench.instance_type", "ml.m5.xlarge", "InstanceType", "ml.m5.xlarge"),
        ("workbench.volume_gib", 99, "VolumeSizeInGB", 99),
        ("workbench.notebooks", {"alice": {"instance_type": "ml.t3.large"}}, "InstanceType", "ml.t3.large"),
        ("workbench.notebooks", {"alice": {"volume_gib": 77}}, "VolumeSizeInGB", 77),
    ],
)
def test_settings_say_what_a_notebook_is(setting: str, value: Any, place: str, expected: object) -> None:
    assert notebook()[place] != expected
    assert notebook(**{setting: value})[place] == expected


def test_a_setting_says_in_which_subnet_a_notebook_stands() -> None:
    made = notebook(**{"workbench.notebooks": {"alice": {"zone": 2}}})
    assert "PrivateSubnet2" in made["SubnetId"]["Fn::ImportValue"]


@pytest.mark.parametrize(
    ("setting", "value", "name", "expected"),
    [
        ("workbench.idle_minutes", 45, "IDLE_MINUTES", "45"),
        ("workbench.packages", "none", "PACKAGES", "none"),
        ("workbench.repository", CODECOMMIT, "REPOSITORY_URL", CODECOMMIT["url"]),
    ],
)
def test_settings_arrive_on_a_notebook(setting: str, value: Any, name: str, expected: str) -> None:
    assert started_with()[name] != expected
    assert started_with(**{setting: value})[name] == expected


def test_a_notebook_installs_what_this_repository_locks_from_the_artifact_bucket() -> None:
    told = started_with()
    assert (told["PACKAGES"], told["IDLE_MINUTES"], told["REPOSITORY_URL"]) == ("wheels", "60", "")
    assert told["LOCK_SHA256"] == wheels.digest()
    assert told["WHEELS_URI"] == f"s3:///{wheels.prefix()}"  # the bucket's name is a reference
    _, references = at_start(template("workbench"))
    (bucket,) = [each["Fn::ImportValue"] for each in references]
    assert bucket.startswith("sageline-dev-data:ExportsOutputRefArtifactsBucket")


def test_the_script_fits_with_the_longest_settings() -> None:
    longest = {"url": "https://" + "h" * 253 + "/" + "r" * 250}
    text, _ = at_start(template("workbench", {"workbench.repository": longest, "workbench.idle_minutes": 10_080}))
    assert len(base64.b64encode(text.encode())) + 4 * 63 // 3 <= 16_384


def test_a_repository_is_associated_with_its_branch_and_secret() -> None:
    made = template("workbench", {**ALICE, "workbench.repository": GITHUB})
    git = only(made, "AWS::SageMaker::CodeRepository")["GitConfig"]
    assert git == {"RepositoryUrl": GITHUB["url"], "Branch": "main", "SecretArn": SECRET}
    notebook = only(made, "AWS::SageMaker::NotebookInstance")
    assert notebook["DefaultCodeRepository"] == {"Fn::GetAtt": ["Repository", "CodeRepositoryName"]}


def allowed(start: str, **settings: Any) -> dict[str, Any]:
    made = template("workbench", settings)
    return statements(properties(made, "AWS::IAM::ManagedPolicy", start)["PolicyDocument"])


def test_a_notebook_may_stop_those_of_its_environment_alone() -> None:
    (stop,) = allowed("Notebooks").values()
    assert stop["Action"] == "sagemaker:StopNotebookInstance"
    assert stop["Condition"] == {"StringEquals": {"aws:ResourceTag/sageline:environment": "dev"}}


def test_a_notebook_reaches_its_repository_and_no_other() -> None:
    found = allowed("Notebooks", **{"workbench.repository": CODECOMMIT})["WorkOnRepository"]
    assert found["Resource"] == "arn:aws:codecommit:eu-central-1:111122223333:models"
    found = allowed("Notebooks", **{"workbench.repository": GITHUB})["ReadCredentialsOfRepository"]
    assert (found["Action"], found["Resource"]) == ("secretsmanager:GetSecretValue", SECRET)
    public = allowed("Notebooks", **{"workbench.repository": {"url": GITHUB["url"]}})
    assert set(public) == {"StopIdleNotebooks"}


def test_a_notebook_waits_for_what_lets_it_clone() -> None:
    made = resources(template("workbench", FULL), "AWS::SageMaker::NotebookInstance")
    for each in made.values():
        assert [name for name in each["DependsOn"] if name.startswith("NotebooksPolicy")]


def studio(**settings: Any) -> Any:
    return only(template("workbench", {"workbench.studio": {"users": ["bob"]}, **settings}), "AWS::SageMaker::Domain")


def test_studio_is_in_the_private_network_encrypted_and_shares_nothing() -> None:
    made = studio()
    assert (made["AppNetworkAccessType"], made["AuthMode"]) == ("VpcOnly", "IAM")
    assert len(made["SubnetIds"]) == 2
    assert "ArtifactsKey" in made["KmsKeyId"]["Fn::ImportValue"]
    settings = made["DefaultUserSettings"]
    assert settings["SharingSettings"] == {"NotebookOutputOption": "Disabled"}
    assert "NotebookRole" in settings["ExecutionRole"]["Fn::ImportValue"]
    assert "DefaultSpaceSettings" not in made  # without a role there, nobody can make a shared space
    assert made["DomainSettings"]["DockerSettings"] == {"EnableDockerAccess": "DISABLED"}
    assert made["DomainSettings"]["SecurityGroupIds"] == settings["SecurityGroups"]


def test_everybody_who_is_named_has_a_profile() -> None:
    profiles = resources(template("workbench", FULL), "AWS::SageMaker::UserProfile")
    assert sorted(each["Properties"]["UserProfileName"] for each in profiles.values()) == ["alice", "bob"]


def test_a_setting_says_when_studio_stops_what_is_idle() -> None:
    made = studio(**{"workbench.studio": {"users": [], "idle_minutes": 90}})["DefaultUserSettings"]
    for app in ("JupyterLabAppSettings", "CodeEditorAppSettings"):
        idle = made[app]["AppLifecycleManagement"]["IdleSettings"]
        assert (idle["LifecycleManagement"], idle["IdleTimeoutInMinutes"], idle["MaxIdleTimeoutInMinutes"]) == (
            "ENABLED",
            90,
            90,
        )


def test_studio_takes_disk_and_repository_from_the_workbench() -> None:
    made = studio(**{"workbench.volume_gib": 33, "workbench.repository": CODECOMMIT})["DefaultUserSettings"]
    assert made["SpaceStorageSettings"]["DefaultEbsStorageSettings"]["MaximumEbsVolumeSizeInGb"] == 33
    assert made["JupyterLabAppSettings"]["CodeRepositories"] == [{"RepositoryUrl": CODECOMMIT["url"]}]


def test_people_work_in_private_spaces_of_their_own() -> None:
    found = allowed("Spaces", **{"workbench.studio": {"users": ["bob"]}})
    for name in ("MakeOwnSpaces", "RunOwnApps"):
        condition = found[name]["Condition"]
        assert condition["StringEquals"] == {"sagemaker:SpaceSharingType": "Private"}
        owner = condition["ArnLike"]["sagemaker:OwnerUserProfileArn"]["Fn::Join"][1]
        assert owner[-1] == "/${sagemaker:UserProfileName}"
    assert found["OpenOwnApps"]["Resource"]["Fn::Join"][1][-1] == "/${sagemaker:UserProfileName}"
