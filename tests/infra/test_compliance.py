"""The gates that every template passes: cdk-nag, Guard, cfn-lint, Checkov; each with a canary that proves it looks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PACKS = {"AwsSolutions", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321"}
CHECKOV = Path(__file__).parents[2] / ".venv-checkov" / "bin" / "checkov"
CFN_LINT = Path(sys.executable).with_name("cfn-lint")
#: Of the environments that are there for one stack: the rest of theirs is that of the others.
LOOKED_AT = ("dev*", "everything*", "workbenchWorkbench*", "workbenchIdentity*", "kindsServing*")
#: What each program has to find something wrong with.
WRONG = {"Type": "AWS::S3::Bucket", "Properties": {"BucketNam": "typo"}}


def test_the_packs_find_nothing_that_is_not_acknowledged(assembly: Path) -> None:
    reports = json.loads((assembly / "validation-report.json").read_text("utf-8"))["pluginReports"]
    assert [each for report in reports for each in report["violations"]] == []
    # What is accepted is that serverless endpoints can be neither isolated nor in the network.
    accepted = {each["ruleName"] for report in reports for each in report["suppressedViolations"]}
    assert accepted == {"models_are_isolated_and_in_the_network"}


def test_each_pack_finds_what_is_wrong_with_a_careless_bucket(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import aws_cdk as cdk  # noqa: PLC0415 - starts Node
    from aws_cdk import aws_s3 as s3  # noqa: PLC0415

    from infra.application import new_app, synthesise  # noqa: PLC0415

    app = new_app(outdir=str(tmp_path))
    s3.Bucket(cdk.Stack(app, "Careless"), "Bucket")
    with pytest.raises(SystemExit) as caught:
        synthesise(app, checks=True)
    assert caught.value.code == 1
    assert "acknowledged with its reason" in capfd.readouterr().err
    report = json.loads((tmp_path / "validation-report.json").read_text("utf-8"))["pluginReports"]
    assert {each["pluginName"] for each in report if each["violations"]} == PACKS


@pytest.fixture(scope="module")
def folder(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates, and one with a mistake: each program starts once."""
    folder = tmp_path_factory.mktemp("templates")
    for each in LOOKED_AT:
        found = list(assembly.rglob(f"{each}.template.json"))
        assert found, each
        for path in found:
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "wrong.template.json").write_text(json.dumps({"Resources": {"Wrong": WRONG}}), encoding="utf-8")
    return folder


def found_by(program: Path, *arguments: str) -> Any:
    """Return what a program finds. It runs without Python's collector of garbage: that is a quarter of its time."""
    code = "import gc, runpy, sys; gc.disable(); del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
    command = [str(program.with_name("python")), "-c", code, str(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def linted(folder: Path) -> dict[str, list[str]]:
    """What cfn-lint finds, by the file's name."""
    found: dict[str, list[str]] = {}
    for each in found_by(CFN_LINT, "--format", "json", "--", *map(str, sorted(folder.iterdir()))):
        said = f"{each['Rule']['Id']} {each['Message']} ({each['Location']['Path']})"
        found.setdefault(Path(each["Filename"]).name, []).append(said)
    return found


def test_cfn_lint_finds_what_is_wrong_with_a_template(linted: dict[str, list[str]]) -> None:
    assert any(each.startswith("E3002") for each in linted["wrong.template.json"])


def test_cfn_lint_finds_nothing_else(linted: dict[str, list[str]]) -> None:
    assert linted.keys() == {"wrong.template.json"}, linted


@pytest.fixture(scope="module")
def checked(folder: Path) -> dict[str, list[str]]:
    """What Checkov finds, by the file's name."""
    arguments = ("--framework", "cloudformation", "-d", str(folder), "--skip-download", "-o", "json")
    results = found_by(CHECKOV, *arguments)["results"]
    assert results["parsing_errors"] == []
    assert len({each["file_path"] for each in results["passed_checks"]}) > len(LOOKED_AT)
    found: dict[str, list[str]] = {}
    for each in results["failed_checks"]:
        said = f"{each['check_id']} {each['resource']} {each['check_name']}"
        found.setdefault(Path(each["file_path"]).name, []).append(said)
    return found


def test_checkov_finds_what_is_wrong_with_a_template(checked: dict[str, list[str]]) -> None:
    assert any(each.startswith("CKV_AWS_18") for each in checked["wrong.template.json"])


def test_checkov_finds_nothing_else_that_is_not_accepted_with_a_reason(checked: dict[str, list[str]]) -> None:
    assert checked.keys() == {"wrong.template.json"}, checked


GUARD = Path(__file__).parents[2] / "infra" / "compliance" / "guard"
RULES = {name for file in GUARD.glob("*.guard") for name in re.findall(r"^rule (\w+)", file.read_text(), re.MULTILINE)}


def careless(app: Any) -> None:
    """Add a stack of one careless resource of each type that the Guard rules are about."""
    import aws_cdk as cdk  # noqa: PLC0415 - starts Node

    stack = cdk.Stack(app, "Careless")
    trust: dict[str, Any] = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}}]}
    everywhere = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    resources: dict[str, dict[str, Any]] = {
        "AWS::EC2::SecurityGroup": {"GroupDescription": "all", "SecurityGroupEgress": [everywhere]},
        "AWS::EC2::SecurityGroupEgress": {"GroupId": "sg-1", **everywhere},
        "AWS::EC2::VPCEndpoint": {"VpcId": "vpc-1", "ServiceName": "s3"},
        "AWS::IAM::Role": {"AssumeRolePolicyDocument": trust},
        "AWS::KMS::Key": {},
        "AWS::Lambda::Function": {"Code": {}, "Role": "role"},
        "AWS::Logs::LogGroup": {},
        "AWS::SNS::Topic": {},
        "AWS::SQS::Queue": {},
        "AWS::SageMaker::EndpointConfig": {
            "AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://bucket"}},
            "DataCaptureConfig": {"DestinationS3Uri": "s3://bucket"},
        },
        "AWS::SageMaker::Model": {"ExecutionRoleArn": "role"},
        "AWS::SageMaker::NotebookInstance": {"InstanceType": "ml.t3.medium", "RoleArn": "role"},
    }
    for type_, properties in resources.items():
        cdk.CfnResource(stack, type_.replace(":", ""), type=type_, properties=properties)


def test_every_guard_rule_finds_what_it_is_about(tmp_path: Path) -> None:
    from infra.application import new_app, synthesise  # noqa: PLC0415 - starts Node

    app = new_app(outdir=str(tmp_path))
    careless(app)
    with pytest.raises(SystemExit):
        synthesise(app, checks=True)
    report = json.loads((tmp_path / "validation-report.json").read_text("utf-8"))["pluginReports"]
    (guard,) = [each for each in report if each["pluginName"] == "cdk-validator-cfnguard"]
    assert {each["ruleName"] for each in guard["violations"]} == RULES
