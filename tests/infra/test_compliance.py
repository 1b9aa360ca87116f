"""The gates that every template passes: the packs of cdk-nag and cfn-lint, each with a canary that proves it looks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PACKS = {"AwsSolutions", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321"}


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
