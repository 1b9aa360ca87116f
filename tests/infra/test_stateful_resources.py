"""Logical ids of what holds data. CloudFormation knows a resource by its logical id alone: under another one it makes a
new, empty bucket and leaves the old one behind."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.stacks import Template

GOLDEN = Path(__file__).with_name("stateful_resources.json")
STATEFUL = {
    "AWS::CloudTrail::Trail",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EFS::FileSystem",
    "AWS::Glue::Database",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::ModelPackageGroup",
    "AWS::SageMaker::NotebookInstance",
}


def test_what_holds_data_keeps_its_logical_id(templates: dict[str, Template]) -> None:
    found = {
        file: {name: each["Type"] for name, each in sorted(template["Resources"].items()) if each["Type"] in STATEFUL}
        for file, template in sorted(templates.items())
        if file.startswith("dev")
    }
    found = {file: each for file, each in found.items() if each}
    known = json.loads(GOLDEN.read_text("utf-8"))
    lost = [f"{file}: {name}" for file, each in known.items() for name in each if name not in found.get(file, {})]
    assert not lost, (
        f"These hold data, and their logical ids are gone: {lost}. A deployment would make new, empty ones and leave "
        "the old ones behind. Keep the construct's path, or give the new one the old id with override_logical_id. "
        f"Where it really goes, write down in docs/runbook.md how its data is moved, and remove it from {GOLDEN.name}."
    )
    assert found == known, f"New resources that hold data belong into {GOLDEN.name}: {json.dumps(found, indent=2)}"
