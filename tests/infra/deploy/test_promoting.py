"""Promotion, deployed: the bus and its policy, the function with its role's rights, and what others may read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from infra.functions import promote
from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.options import LAB, SHOP
from tests.infra.deploy.test_identity import statements
from tests.support.authorised import Elsewhere
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision
from tests.support.moto.server import Server
from tests.support.recorded import Recorder, check
from tests.support.two_registries import FILES, Across, approved, event

THEIRS = "lab-artifacts"
KEY = f"arn:aws:kms:eu-central-1:{LAB}:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"


@dataclass(frozen=True)
class Promoting:
    """The environment between an account that models come from, and one that they go to."""

    deployed: Deployed
    lab: Server

    def granted(self) -> list[Any]:
        return statements(self.deployed, self.deployed.one("promotion", "AWS::IAM::Role", "PromoteRole"))


@pytest.fixture(scope="module")
def promoting(equipped: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Promoting]:
    place = {"LocationConstraint": equipped.server.region}
    equipped.client("s3").create_bucket(Bucket=THEIRS, CreateBucketConfiguration=place)
    for key, content in FILES.items():
        equipped.client("s3").put_object(Bucket=THEIRS, Key=key, Body=content)
    with Server(LAB, equipped.server.region, tmp_path_factory.mktemp("lab") / "server.log") as lab:
        yield Promoting(equipped, lab)


def test_promoting_takes_exactly_what_the_functions_role_has(
    promoting: Promoting, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed = promoting.deployed
    found = deployed.client("lambda").get_function_configuration(FunctionName="sageline-promote")
    for name, value in found["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    elsewhere = {THEIRS: Elsewhere(LAB, KEY, "alias/sageline/lab/artifacts")}
    with Recorder(deployed.server, elsewhere) as recorder:
        across = Across(recorder.client("sagemaker"), promoting.lab)
        monkeypatch.setattr(promote, "aws", lambda name: across if name == "sagemaker" else recorder.client(name))
        first = promote.handler(event(approved(promoting.lab, THEIRS)), None)["ModelPackageArn"]
        promote.handler(event(approved(promoting.lab, THEIRS)), None)  # looks at the first
    check(recorder, promoting.granted())
    version = deployed.client("sagemaker").describe_model_package(ModelPackageName=first)
    assert version["ModelApprovalStatus"] == "PendingManualApproval"
    bucket = deployed.one("data", "AWS::S3::Bucket", "Artifacts")
    for key, content in FILES.items():
        copied = key.replace("sageline-breast-cancer/", f"sageline-breast-cancer/promoted/{LAB}/")
        assert deployed.client("s3").get_object(Bucket=bucket, Key=copied)["Body"].read() == content


def test_the_function_approves_nothing_and_reads_no_other_account(promoting: Promoting) -> None:
    granted = promoting.granted()
    through = {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}
    read = Call("s3:GetObject", f"arn:aws:s3:::{THEIRS}/{next(iter(FILES))}", {"s3:ResourceAccount": LAB})
    decrypt = Call("kms:Decrypt", KEY, {**through, "kms:ResourceAliases": ["alias/sageline/lab/artifacts"]})
    assert decision(granted, read) == decision(granted, decrypt) == ALLOWED
    for call in (
        replace(read, context={"s3:ResourceAccount": "111111111111"}),
        replace(read, action="s3:PutObject"),
        replace(decrypt, context={**through, "kms:ResourceAliases": ["alias/sageline/lab/data"]}),
        Call("sagemaker:UpdateModelPackage", f"arn:aws:sagemaker:eu-central-1:{LAB}:model-package/sageline-digits/1"),
    ):
        assert decision(granted, call) == NOT_ALLOWED, call


def test_the_bus_admits_the_account_that_models_come_from_and_invokes_the_function(promoting: Promoting) -> None:
    events = promoting.deployed.client("events")
    bus = events.describe_event_bus(Name="sageline-promotions")
    (admitted,) = json.loads(bus["Policy"])["Statement"]
    assert admitted["Principal"] == {"AWS": f"arn:aws:iam::{LAB}:root"}
    (rule,) = events.list_rules(EventBusName="sageline-promotions")["Rules"]
    assert json.loads(rule["EventPattern"])["account"] == [LAB]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"], EventBusName="sageline-promotions")["Targets"]
    assert target["Arn"].endswith(":function:sageline-promote")


def test_the_account_that_models_go_to_is_told_and_reads_models_and_no_rows(promoting: Promoting) -> None:
    deployed = promoting.deployed
    bucket = deployed.one("data", "AWS::S3::Bucket", "Artifacts")
    policy = json.loads(deployed.client("s3").get_bucket_policy(Bucket=bucket)["Policy"])
    (read,) = [each for each in policy["Statement"] if each.get("Sid") == "ReadPromotedFiles"]
    assert read["Principal"] == {"AWS": f"arn:aws:iam::{SHOP}:root"}
    theirs = [{name: value for name, value in read.items() if name != "Principal"}]
    for key, answer in (
        *((key, ALLOWED) for key in FILES),
        ("sageline-breast-cancer/0123456789ab/Prepare/train/part-0.parquet", NOT_ALLOWED),
    ):
        assert decision(theirs, Call("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}")) == answer
    id_ = deployed.one("promotion", "AWS::Events::Rule", "Forward")
    (target,) = deployed.client("events").list_targets_by_rule(Rule=id_)["Targets"]
    group = deployed.client("sagemaker").get_model_package_group_policy(ModelPackageGroupName="sageline-breast-cancer")
    assert SHOP in group["ResourcePolicy"]
    assert target["Arn"] == f"arn:aws:events:eu-central-1:{SHOP}:event-bus/sageline-promotions"
