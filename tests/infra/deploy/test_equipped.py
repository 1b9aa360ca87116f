"""Notebooks, and what is watched: what stands after a deployment with both, as its services describe it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from infra.functions import find_captured, start_pipeline
from local.definition.validate import validate
from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.options import DRIFT
from tests.infra.deploy.test_identity import statements
from tests.infra.deploy.test_serving import key_arn
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision
from tests.support.recorded import Recorder, check


def notebook(equipped: Deployed, owner: str) -> Any:
    id_ = equipped.one("workbench", "AWS::SageMaker::NotebookInstance", f"Notebook{owner}")
    return equipped.client("sagemaker").describe_notebook_instance(NotebookInstanceName=id_.rpartition("/")[2])


@pytest.mark.parametrize("owner", ["alice", "fraudteam"])
def test_a_notebook_is_closed_encrypted_and_in_the_private_network(equipped: Deployed, owner: str) -> None:
    found = notebook(equipped, owner)
    assert (found["DirectInternetAccess"], found["RootAccess"]) == ("Disabled", "Disabled")
    assert found["InstanceMetadataServiceConfiguration"] == {"MinimumInstanceMetadataServiceVersion": "2"}
    assert found["KmsKeyId"] == key_arn(equipped, "Artifacts")
    assert found["SubnetId"] in equipped.physical("network", "AWS::EC2::Subnet").values()
    (group,) = found["SecurityGroups"]
    assert group in equipped.physical("network", "AWS::EC2::SecurityGroup").values()
    assert found["RoleArn"].endswith("/" + equipped.one("identity", "AWS::IAM::Role", "NotebookRole"))


def test_settings_of_one_notebook_are_its_own(equipped: Deployed) -> None:
    sizes = {owner: notebook(equipped, owner) for owner in ("alice", "fraudteam")}
    assert {owner: each["InstanceType"] for owner, each in sizes.items()} == {
        "alice": "ml.t3.medium",
        "fraudteam": "ml.m5.xlarge",
    }
    assert sizes["fraudteam"]["VolumeSizeInGB"] == 50


def test_every_start_runs_the_programs_of_the_workbench(equipped: Deployed) -> None:
    sagemaker = equipped.client("sagemaker")
    name = notebook(equipped, "alice")["NotebookInstanceLifecycleConfigName"]
    found = sagemaker.describe_notebook_instance_lifecycle_config(NotebookInstanceLifecycleConfigName=name)
    (start,) = found["OnStart"]
    assert len(start["Content"]) <= 16_384  # what the service takes
    script = base64.b64decode(start["Content"])
    assert script.startswith(b"#!/bin/")
    assert b"idle" in script


def test_dashboards_show_metrics_of_what_is_deployed(equipped: Deployed) -> None:
    cloudwatch = equipped.client("cloudwatch")
    bodies = {
        each["DashboardName"]: json.loads(
            cloudwatch.get_dashboard(DashboardName=each["DashboardName"])["DashboardBody"]
        )
        for each in cloudwatch.list_dashboards()["DashboardEntries"]
    }
    assert set(bodies) == {f"sageline-dev-{name}" for name in ("cost", "endpoints", "pipelines")}
    pipelines = {each["PipelineName"] for each in equipped.client("sagemaker").list_pipelines()["PipelineSummaries"]}
    assert all(name in str(bodies["sageline-dev-pipelines"]) for name in pipelines - {DRIFT})
    assert "live-sageline-breast-cancer" in str(bodies["sageline-dev-endpoints"])


def test_every_alarm_tells_a_topic_that_mails_the_team(equipped: Deployed) -> None:
    topic = equipped.one("monitoring", "AWS::SNS::Topic")
    names = list(equipped.physical("monitoring", "AWS::CloudWatch::Alarm").values())
    found = equipped.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert len(found) == len(names) > 5
    assert {tuple(each["AlarmActions"]) for each in found} == {(topic,)}
    assert any(each["Dimensions"] == [{"Name": "PipelineName", "Value": DRIFT}] for each in found)
    assert {each["TreatMissingData"] for each in found} <= {"notBreaching", "breaching", "ignore"}
    (subscribed,) = equipped.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert subscribed["Endpoint"] == "team@example.com"


def test_a_schedule_starts_the_check_for_drift_with_a_role_that_starts_nothing_else(equipped: Deployed) -> None:
    pipeline = equipped.client("sagemaker").describe_pipeline(PipelineName=DRIFT)
    text = pipeline["PipelineDefinition"]
    assert "${" not in text
    assert validate(json.loads(text), text_size=len(text)) == []
    scheduler = equipped.client("scheduler")
    name = equipped.one("monitoring", "AWS::Scheduler::Schedule")
    (listed,) = [each for each in scheduler.list_schedules()["Schedules"] if each["Name"] == name]
    found = scheduler.get_schedule(Name=listed["Name"], GroupName=listed["GroupName"])
    assert (found["State"], found["Target"]["Arn"]) == ("ENABLED", pipeline["PipelineArn"])
    granted = statements(equipped, found["Target"]["RoleArn"].rpartition("/")[2])
    start = "sagemaker:StartPipelineExecution"
    assert decision(granted, Call(start, pipeline["PipelineArn"])) == ALLOWED
    other = pipeline["PipelineArn"].replace(DRIFT, "sageline-breast-cancer")
    assert decision(granted, Call(start, other)) == NOT_ALLOWED


def test_finding_what_was_captured_takes_exactly_what_its_role_has(
    equipped: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    captured, artifacts = (equipped.one("data", "AWS::S3::Bucket", name) for name in ("Captured", "Artifacts"))
    key = "breast_cancer/live-sageline-breast-cancer/AllTraffic/2026/01/01/10/a.jsonl"
    equipped.client("s3").put_object(Bucket=captured, Key=key, Body=b"{}")
    manifest = f"s3://{artifacts}/sageline-breast-cancer/0123456789ab/FindCaptured/manifest.json"
    given = {
        "CapturedDataUri": f"s3://{captured}/breast_cancer/",
        "Days": 2,
        "Until": "2026-01-01T12:00:00Z",
        "ManifestUri": manifest,
        "StandIn": "s3://assets/code.gz",
    }
    with Recorder(equipped.server) as recorder:
        monkeypatch.setattr(find_captured, "boto3", recorder)
        assert find_captured.handler(given, None) == {"ManifestUri": manifest, "Files": "1"}
    check(recorder, role(equipped, "FindCaptured"))


def test_training_again_takes_exactly_what_its_role_has(equipped: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = equipped.one("data", "AWS::S3::Bucket", "Raw")
    equipped.client("s3").put_object(Bucket=raw, Key="breast_cancer/input/rows.csv", Body=b"a,b\n1,2\n")
    folder = f"s3://{raw}/breast_cancer/input/"
    given = {"PipelineName": "sageline-breast-cancer", "InputDataUri": folder, "Reason": "Drift", "Occasion": "once"}
    with Recorder(equipped.server) as recorder:
        monkeypatch.setattr(start_pipeline, "boto3", recorder)
        start_pipeline.handler(given, None)
    check(recorder, role(equipped, "Retrain"))


def role(equipped: Deployed, name: str) -> list[Any]:
    return statements(equipped, equipped.one("monitoring", "AWS::IAM::Role", f"{name}Role"))
