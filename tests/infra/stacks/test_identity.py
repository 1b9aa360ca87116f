from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from config.loading import PROBLEMS
from tests.support.stacks import Template, actions, listed, resources, statements, template

ROLES = ("Processing", "Training", "Endpoint", "Compilation", "Pipeline", "Notebook")
WITHOUT_RIGHTS = 1  # AutoML's, while no problem leaves its model to it


def policies(role: str, **settings: Any) -> dict[str, Any]:
    """Return the documents of a role's policies by what they are for."""
    found = resources(template("identity", settings), "AWS::IAM::ManagedPolicy")
    return {
        name.removeprefix(role).partition("Policy")[0]: each["Properties"]["PolicyDocument"]
        for name, each in found.items()
        if name.startswith(role)
    }


def allowed(role: str) -> set[str]:
    return {action for document in policies(role).values() for action in actions(document)}


def statement(role: str, sid: str, **settings: Any) -> Any:
    (found,) = [
        statements(document)[sid] for document in policies(role, **settings).values() if sid in statements(document)
    ]
    return found


@pytest.mark.parametrize("role", ROLES)
def test_sagemaker_takes_a_role_on_for_this_account_alone(role: str) -> None:
    found = resources(template("identity"), "AWS::IAM::Role")
    (trust,) = [each["Properties"]["AssumeRolePolicyDocument"] for name, each in found.items() if name.startswith(role)]
    (only,) = trust["Statement"]
    assert only["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert only["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
    assert only["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:sagemaker:eu-central-1:111122223333:*"}


def test_there_is_one_role_for_each_kind_of_job_and_no_inline_policy() -> None:
    found = resources(template("identity"), "AWS::IAM::Role")
    assert len(found) == len(ROLES) + WITHOUT_RIGHTS
    assert resources(template("identity"), "AWS::IAM::Policy") == {}
    assert not [name for name, each in found.items() if "Policies" in each["Properties"]]


def known_actions() -> dict[str, Any]:
    table: dict[str, Any] = json.loads((files("cfnlint.data.AdditionalSpecs") / "Policies.json").read_text("utf-8"))
    return table


def every_statement() -> list[tuple[str, Any]]:
    found = resources(template("identity"), "AWS::IAM::ManagedPolicy")
    return [
        (name, each) for name, policy in found.items() for each in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def test_every_action_is_one_that_aws_knows() -> None:
    known = known_actions()
    for name, each in every_statement():
        for action in listed(each["Action"]):
            service, _, operation = action.partition(":")
            assert operation.lower() in known[service]["Actions"], f"{name}: {action}"


#: The table knows a resource for it that only another kind of metric has.
WITHOUT_RESOURCE = {"cloudwatch:PutMetricData"}


def test_a_star_stands_only_for_actions_that_have_no_resource() -> None:
    known = known_actions()
    for name, each in every_statement():
        if each["Resource"] == "*":
            for action in set(listed(each["Action"])) - WITHOUT_RESOURCE:
                service, _, operation = action.partition(":")
                assert known[service]["Actions"][operation.lower()].get("Resources", []) == [], f"{name}: {action}"
            assert each["Condition"], f"{name}: {each['Sid']}"


def test_every_action_is_allowed_on_a_kind_of_resource_that_it_has() -> None:
    known = known_actions()
    for name, each in every_statement():
        named = [kind for resource in listed(each["Resource"]) if (kind := sagemaker_kind(resource))]
        for action in listed(each["Action"]):
            service, _, operation = action.partition(":")
            if service == "sagemaker" and each["Resource"] != "*":
                possible = set(known[service]["Actions"][operation.lower()]["Resources"])
                if "pipeline-execution" in possible:
                    possible.add("pipeline")  # Their ARNs start alike.
                assert possible & set(named), f"{name}: {action} on {named}"


def sagemaker_kind(resource: Any) -> str | None:
    found = re.search(r":sagemaker:[^:]*:[^:]*:([a-z-]+)/", json.dumps(resource))
    return found[1] if found else None


def test_policies_are_of_a_size_that_iam_takes() -> None:
    for name, each in resources(template("identity"), "AWS::IAM::ManagedPolicy").items():
        # ARNs that stand as references here are at most as long as their references.
        text = json.dumps(each["Properties"]["PolicyDocument"], separators=(",", ":"))
        assert len(re.sub(r"\s", "", text)) <= 6_144 * 1.5, name


def test_only_the_pipeline_passes_roles_and_only_to_sagemaker() -> None:
    passing = [role for role in ROLES if "iam:PassRole" in allowed(role)]
    assert passing == ["Pipeline"]
    found = statement("Pipeline", "PassJobRoles")
    assert found["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    passed = {each["Fn::GetAtt"][0] for each in found["Resource"]}
    assert {name.partition("Role")[0] for name in passed} == {"Processing", "Training", "Endpoint"}


@pytest.mark.parametrize("kind", ["Processing", "Training", "HyperParameterTuning"])
def test_a_pipeline_starts_jobs_only_isolated_in_the_network_and_encrypted(kind: str) -> None:
    found = statement("Pipeline", f"Start{kind}")
    assert found["Condition"]["Bool"] == {
        "sagemaker:InterContainerTrafficEncryption": "true",
        "sagemaker:NetworkIsolation": "true",
    }
    assert set(found["Condition"]["ArnEquals"]) == {"sagemaker:OutputKmsKey", "sagemaker:VolumeKmsKey"}
    assert len(found["Condition"]["ForAllValues:StringEquals"]["sagemaker:VpcSubnets"]) == 2
    assert found["Condition"]["Null"]["sagemaker:VpcSubnets"] == "false"
    assert found["Resource"].endswith("/pipelines-*")


@pytest.mark.parametrize("role", ["Processing", "Training"])
def test_jobs_reach_data_from_the_network_alone(role: str) -> None:
    for sid in ("ReadArtifactsObjects", "ReadArtifactsList", "WriteArtifacts", "ReadCode"):
        assert list(statement(role, sid)["Condition"]["StringEquals"]) == ["aws:SourceVpc"], sid
    anywhere = statement(role, "ReadArtifactsObjects", **{"identity.data_from_vpc_only": False})
    assert "Condition" not in anywhere


def test_training_does_not_read_raw_data() -> None:
    assert not [sid for document in policies("Training").values() for sid in statements(document) if "Raw" in sid]


def test_keys_are_used_through_s3_and_for_volumes_alone() -> None:
    for name, each in every_statement():
        if any(action.startswith("kms:") for action in listed(each["Action"])):
            condition = each["Condition"]
            through = condition.get("StringEquals", {}).get("kms:ViaService", "")
            grant = condition.get("BoolIfExists", {}).get("kms:GrantIsForAWSResource")
            assert through == "s3.eu-central-1.amazonaws.com" or grant == "true", f"{name}: {each['Sid']}"


def test_a_notebook_starts_pipelines_and_approves_nothing() -> None:
    assert "sagemaker:StartPipelineExecution" in allowed("Notebook")
    assert not allowed("Notebook") & {
        "sagemaker:CreateTrainingJob",
        "sagemaker:DeleteEndpoint",
        "sagemaker:UpdateModelPackage",
        "sagemaker:UpdatePipeline",
    }


def test_every_problem_adds_its_pipeline_and_no_other() -> None:
    one = json.dumps(template("identity")["Resources"])
    two = json.dumps(template("identity", problems=("breast_cancer", "digits"))["Resources"])
    assert "pipeline/sageline-breast-cancer" in one
    assert "sageline-digits" not in one
    assert "pipeline/sageline-digits" in two


@pytest.mark.parametrize(
    ("boundary", "arn"),
    [
        ("Bound", {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::111122223333:policy/Bound"]]}),
        ("arn:aws:iam::111122223333:policy/Bound", "arn:aws:iam::111122223333:policy/Bound"),
    ],
)
def test_a_boundary_bounds_every_role(boundary: str, arn: object) -> None:
    bounded = template("identity", {"identity.permissions_boundary": boundary})
    for each in resources(bounded, "AWS::IAM::Role").values():
        found = each["Properties"]["PermissionsBoundary"]
        assert found in (arn, "arn:aws:iam::111122223333:policy/Bound")


def test_automls_role_has_rights_only_where_a_problem_leaves_its_model_to_it(tmp_path: Path) -> None:
    bundled = template("identity")
    assert len([name for name in resources(bundled, "AWS::IAM::Role") if name.startswith("AutoML")]) == 1
    assert "AutoMLRole" not in str(resources(bundled, "AWS::IAM::ManagedPolicy"))
    chosen = (PROBLEMS / "breast_cancer.yaml").read_text("utf-8") + "model: auto\n"
    problem = tmp_path / "chosen.yaml"
    problem.write_text(chosen, encoding="utf-8")
    found = template("identity", problems=(str(problem),))
    policies = resources(found, "AWS::IAM::ManagedPolicy")
    assert len([name for name, each in policies.items() if "AutoMLRole" in str(each["Properties"]["Roles"])]) == 4
    (starts,) = [each for name, each in policies.items() if name.startswith("PipelineAutoML")]
    start = statements(starts["Properties"]["PolicyDocument"])["StartAutoML"]
    assert start["Condition"]["Null"]["sagemaker:VpcSubnets"] == "false"
    (passed,) = [
        found["PassJobRoles"]
        for each in policies.values()
        if "PassJobRoles" in (found := statements(each["Properties"]["PolicyDocument"]))
    ]
    assert len(passed["Resource"]) == 4


def test_only_where_a_problem_is_served_by_our_own_image_the_endpoints_role_pulls_it(tmp_path: Path) -> None:
    assert "PullOwnImage" not in _container_of_endpoints(template("identity"))
    served = (PROBLEMS / "breast_cancer.yaml").read_text("utf-8") + "deploy:\n  container: sageline-serving:1\n"
    problem = tmp_path / "served.yaml"
    problem.write_text(served, encoding="utf-8")
    found = _container_of_endpoints(template("identity", problems=(str(problem),)))
    assert found["PullOwnImage"]["Resource"] == "arn:aws:ecr:eu-central-1:111122223333:repository/sageline-serving"
    assert found["PullImage"]["Resource"] == "arn:aws:ecr:eu-central-1:*:repository/sagemaker-xgboost"


def _container_of_endpoints(found: Template) -> dict[str, Any]:
    policies = resources(found, "AWS::IAM::ManagedPolicy")
    (one,) = [each for name, each in policies.items() if name.startswith("EndpointContainer")]
    return statements(one["Properties"]["PolicyDocument"])


LIVE = "arn:aws:sagemaker:eu-central-1:111122223333:endpoint/live-sageline-breast-cancer"


def serving(**settings: Any) -> dict[str, Any]:
    return {"serving": {"breast_cancer": settings}}


def test_nobody_may_ask_a_live_endpoint_whom_no_setting_names() -> None:
    assert "live-" not in json.dumps(template("identity"))


def test_notebooks_ask_a_live_endpoint_where_a_setting_lets_them() -> None:
    ask = statement("Notebook", "AskBreastCancer", **serving(notebooks=True))
    assert (ask["Action"], ask["Resource"]) == ("sagemaker:InvokeEndpoint", LIVE)
    assert policies("Caller", **serving(notebooks=True)) == {}


def test_roles_of_others_that_the_settings_name_may_ask_that_endpoint_and_do_nothing_else() -> None:
    found = template("identity", serving(callers=["web-shop", "risk"]))
    callers = [
        each["Properties"] for name, each in resources(found, "AWS::IAM::ManagedPolicy").items() if "Caller" in name
    ]
    assert sorted(role for each in callers for role in each["Roles"]) == ["risk", "web-shop"]
    for each in callers:
        (only,) = each["PolicyDocument"]["Statement"]
        assert (only["Action"], only["Resource"]) == ("sagemaker:InvokeEndpoint", LIVE)
    assert len(resources(found, "AWS::IAM::Role")) == len(ROLES) + WITHOUT_RIGHTS


def test_whoever_asks_an_asynchronous_endpoint_brings_requests_and_fetches_answers() -> None:
    found = statements(policies("Caller", **serving(callers=["risk"], asynchronous={}))["risk"])
    assert {sid: each["Action"] for sid, each in found.items()} == {
        "AskBreastCancer": "sagemaker:InvokeEndpointAsync",
        "BringRequestsBreastCancer": "s3:PutObject",
        "FetchAnswersBreastCancer": "s3:GetObject",
        "EncryptRequestsBreastCancer": ["kms:Decrypt", "kms:GenerateDataKey"],
    }
    assert (
        json.dumps(found["BringRequestsBreastCancer"]["Resource"]).count(
            "sageline-breast-cancer/asynchronous/requests/*"
        )
        == 1
    )
