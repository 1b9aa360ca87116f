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


def test_the_packs_find_nothing_that_is_not_acknowledged(findings: list[dict[str, Any]]) -> None:
    assert findings == []


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


def cfn_lint(files: list[Path]) -> list[str]:
    command = [
        str(Path(sys.executable).with_name("cfn-lint")),
        "--format",
        "json",
        "--include-checks",
        "I",
        "--",
        *map(str, files),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    # What is only information is about style: the CDK writes Fn::Join where a person would write Fn::Sub.
    found = [each for each in json.loads(done.stdout) if each["Level"] != "Informational"]
    return [f"{each['Rule']['Id']} {each['Message']} ({each['Location']['Path']})" for each in found]


def test_cfn_lint_finds_nothing(assembly: Path) -> None:
    assert cfn_lint(sorted(assembly.rglob("*.template.json"))) == []


def test_cfn_lint_finds_what_is_wrong_with_a_template(tmp_path: Path) -> None:
    file = tmp_path / "wrong.template.json"
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketNam": "typo"}}
    file.write_text(json.dumps({"Resources": {"Bucket": bucket}}), encoding="utf-8")
    assert any(each.startswith("E3002") for each in cfn_lint([file]))


def checkov(folder: Path) -> list[str]:
    command = [str(CHECKOV), "--framework", "cloudformation", "-d", str(folder), "--skip-download", "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["results"]
    assert found["parsing_errors"] == []
    return [f"{each['check_id']} {each['resource']} {each['check_name']}" for each in found["failed_checks"]]


def test_checkov_finds_nothing_that_is_not_accepted_with_a_reason(assembly: Path) -> None:
    assert checkov(assembly) == []


def test_checkov_finds_what_is_wrong_with_a_template(tmp_path: Path) -> None:
    file = tmp_path / "wrong.template.json"
    file.write_text(json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}), encoding="utf-8")
    assert any(each.startswith("CKV_AWS_18") for each in checkov(tmp_path))


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
