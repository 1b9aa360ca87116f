from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from config import load_problem
from infra.constructs.alarms import RUNBOOK
from pipeline.definition import drift_definition
from pipeline.placeholders import names
from tests.support.stacks import Template, actions, changed, only, properties, resources, statements, template

ROOT = Path(__file__).parents[3]
SERVED: dict[str, Any] = {"serving": {"breast_cancer": {"capture_percent": 10}}}
WATCHED = {**SERVED, "monitoring.drift": {"breast_cancer": {"retrain": True}}}
PLACE = "eu-central-1:111122223333"
PIPELINE = f"arn:aws:sagemaker:{PLACE}:pipeline/drift-sageline-breast-cancer"


@cache
def drifting() -> Template:
    """The template with a drift check that starts retraining."""
    return template("monitoring", WATCHED)


def plain(**settings: Any) -> Template:
    return template("monitoring", {**SERVED, **{f"monitoring.{name}": value for name, value in settings.items()}})


def alarm(start: str, found: Template | None = None) -> Any:
    return properties(found or drifting(), "AWS::CloudWatch::Alarm", start)


def alarms(found: Template) -> dict[str, Any]:
    return {name: each["Properties"] for name, each in resources(found, "AWS::CloudWatch::Alarm").items()}


def dashboard(start: str, found: Template | None = None) -> Any:
    return json.loads(properties(found or drifting(), "AWS::CloudWatch::Dashboard", start)["DashboardBody"])


def shown(body: Any) -> set[str]:
    """The metrics on a dashboard."""
    return {line[1] for widget in body["widgets"] for line in widget["properties"]["metrics"]}


def slug(heading: str) -> str:
    """The anchor that a heading has on a page."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_alarm_tells_the_topic_and_leads_to_a_section_of_the_runbook() -> None:
    text = (ROOT / RUNBOOK).read_text(encoding="utf-8")
    sections = {slug(heading) for heading in re.findall(r"^## (.+)$", text, re.MULTILINE)}
    found = alarms(template("monitoring", {**WATCHED, "monitoring.endpoints.idle_hours": 3}))
    led = {}
    for name, each in found.items():
        assert each["AlarmActions"] == [{"Ref": "AlarmsTopic3A2DFEBA"}], name
        led[name] = each["AlarmDescription"].rpartition(f"What to do: {RUNBOOK}#")[2]
    templates = [str(each) for each in resources(drifting(), "AWS::Events::Rule").values()]
    told = {section for text in templates for section in re.findall(rf"{RUNBOOK}#([a-z-]+)", text)}
    assert {name: section for name, section in led.items() if section not in sections} == {}
    assert told <= sections
    # Nothing in the runbook that no alarm leads to, but for the budget, which has none.
    assert sections == {*led.values(), *told, *led_to_elsewhere(), "what-a-month-costs"}


def led_to_elsewhere() -> set[str]:
    """The sections that alarms of further stacks lead to."""
    promotion = {"promotion": {"to": ["444455556666"]}}
    found = [only(template(*each), "AWS::CloudWatch::Alarm") for each in (("approvals",), ("promotion", promotion))]
    return {each["AlarmDescription"].rpartition(f"What to do: {RUNBOOK}#")[2] for each in found}


def test_a_setting_says_where_the_runbook_can_be_read() -> None:
    found = alarms(plain(runbook_url="https://wiki.example.com/runbook"))
    assert all("What to do: https://wiki.example.com/runbook#" in each["AlarmDescription"] for each in found.values())


def test_the_topic_is_encrypted_and_admits_this_accounts_alarms_over_tls() -> None:
    assert only(drifting(), "AWS::SNS::Topic")["KmsMasterKeyId"]["Fn::ImportValue"].startswith(
        "sageline-dev-data:ExportsOutputFnGetAttOperationsKey"
    )
    admitted = statements(only(drifting(), "AWS::SNS::TopicPolicy")["PolicyDocument"])["AlarmsOfThisAccount"]
    assert admitted["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
    assert resources(drifting(), "AWS::SNS::Subscription") == {}
    subscription = only(plain(emails=["team@example.com"]), "AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "team@example.com")


def test_executions_that_fail_or_take_too_long_are_told() -> None:
    failed, slow = alarm("PipelineSagelineBreastCancerFailed"), alarm("PipelineSagelineBreastCancerSlow")
    assert failed["Dimensions"] == [{"Name": "PipelineName", "Value": "sageline-breast-cancer"}]
    assert (failed["Namespace"], failed["MetricName"], failed["Threshold"], failed["Statistic"]) == (
        "AWS/Sagemaker/ModelBuildingPipeline",
        "ExecutionFailed",
        0,
        "Sum",
    )
    assert (slow["MetricName"], slow["Unit"], slow["Threshold"]) == ("ExecutionDuration", "Milliseconds", 86_400_000)
    assert alarm("PipelineSagelineBreastCancerSlow", plain(longest_hours=2))["Threshold"] == 7_200_000


def test_every_function_of_pipelines_and_checks_is_watched() -> None:
    found = {
        each["Dimensions"][0]["Value"]: each["MetricName"]
        for each in alarms(drifting()).values()
        if each["Namespace"] == "AWS/Lambda"
    }
    deployed = [
        each["Properties"]["FunctionName"]
        for stack in (drifting(), template("pipelines", WATCHED))
        for each in resources(stack, "AWS::Lambda::Function").values()
    ]
    assert sorted(found) == sorted(deployed)
    assert {"sageline-find-captured", "sageline-find-champion", "sageline-retrain"} <= set(deployed)
    for name in ("Errors", "Throttles"):
        assert alarm(f"FunctionSagelineFindChampion{name}")["MetricName"] == name


@pytest.mark.parametrize(
    ("name", "metric", "setting", "value", "threshold"),
    [
        ("Errors", "Invocation5XXErrors", "errors_percent", 3, 0.03),
        ("Refusals", "Invocation4XXErrors", "refusals_percent", 50, 0.5),
        ("Latency", "ModelLatency", "latency_ms", 250, 250_000),
    ],
)
def test_endpoints_are_watched_in_the_metrics_own_units(
    name: str, metric: str, setting: str, value: float, threshold: float
) -> None:
    start = f"EndpointLiveSagelineBreastCancerAllTraffic{name}"
    by_default, found = alarm(start), alarm(start, plain(**{f"endpoints.{setting}": value}))
    assert by_default["MetricName"] == found["MetricName"] == metric
    assert by_default["Threshold"] != found["Threshold"] == threshold
    assert by_default["TreatMissingData"] == "notBreaching"
    assert {each["Name"]: each["Value"] for each in found["Dimensions"]} == {
        "EndpointName": "live-sageline-breast-cancer",
        "VariantName": "AllTraffic",
    }


def test_settings_say_for_how_long_and_whether_silence_is_watched() -> None:
    start = "EndpointLiveSagelineBreastCancerAllTraffic"
    assert alarm(f"{start}Errors", plain(**{"endpoints.minutes": 9}))["EvaluationPeriods"] == 9
    assert not [name for name in alarms(drifting()) if name.endswith("Idle")]
    idle = alarm(f"{start}Idle", plain(**{"endpoints.idle_hours": 4}))
    assert (idle["EvaluationPeriods"], idle["Period"], idle["TreatMissingData"]) == (4, 3_600, "breaching")
    assert (idle["ComparisonOperator"], idle["Threshold"]) == ("LessThanThreshold", 1)


def test_every_variant_is_watched_and_nothing_where_nothing_is_served() -> None:
    several = template("monitoring", {"serving": {"breast_cancer": {"variants": {"First": {}, "Second": {}}}}})
    for variant in ("First", "Second"):
        assert alarm(f"EndpointLiveSagelineBreastCancer{variant}Errors", several)
    nothing = template("monitoring", {"serving": {}})
    assert not [name for name in alarms(nothing) if name.startswith("Endpoint")]
    assert sorted(resources(nothing, "AWS::CloudWatch::Dashboard")) == ["CostDashboard", "PipelinesDashboard"]


def test_refused_requests_are_counted_in_the_trails_log() -> None:
    counted = only(drifting(), "AWS::Logs::MetricFilter")
    assert "TrailEvents" in counted["LogGroupName"]["Fn::ImportValue"]
    (made,) = counted["MetricTransformations"]
    refused = alarm("Refused")
    assert (refused["Namespace"], refused["MetricName"]) == (made["MetricNamespace"], made["MetricName"])
    assert alarm("Refused", plain(refused_requests=7))["Threshold"] == 7
    untrailed = template("monitoring", {**SERVED, "data.trail": False})
    assert resources(untrailed, "AWS::Logs::MetricFilter") == {}


def test_changes_to_this_environments_keys_and_buckets_are_told() -> None:
    keys = properties(drifting(), "AWS::Events::Rule", "AlarmsKeysChanged")["EventPattern"]["detail"]
    assert "ScheduleKeyDeletion" in keys["eventName"]
    assert len(keys["requestParameters"]["keyId"]) == 6, "three keys, by id and by ARN"
    buckets = properties(drifting(), "AWS::Events::Rule", "AlarmsBucketsChanged")["EventPattern"]["detail"]
    assert "PutBucketPolicy" in buckets["eventName"]
    assert len(buckets["requestParameters"]["bucketName"]) == 3


def test_a_setting_leaves_the_audit_out() -> None:
    without = plain(audit=False)
    assert (resources(without, "AWS::Logs::MetricFilter"), resources(without, "AWS::Events::Rule")) == ({}, {})


def test_dashboards_are_plain_text_that_shows_what_there_is() -> None:
    assert shown(dashboard("Pipelines")) >= {"ExecutionFailed", "ExecutionDuration", "Errors", "Throttles"}
    assert shown(dashboard("Endpoints")) >= {"Invocations", "Invocation5XXErrors", "ModelLatency"}
    assert shown(dashboard("Cost")) == {"EstimatedCharges"}
    for name in ("Pipelines", "Endpoints"):
        regions = {widget["properties"]["region"] for widget in dashboard(name)["widgets"]}
        assert regions == {"eu-central-1"}
    for each in resources(drifting(), "AWS::CloudWatch::Dashboard").values():
        assert isinstance(each["Properties"]["DashboardBody"], str)
    called = properties(drifting(), "AWS::CloudWatch::Dashboard", "Cost")["DashboardName"]
    assert called == "sageline-dev-cost"


def test_a_setting_leaves_dashboards_out() -> None:
    assert resources(plain(dashboards=False), "AWS::CloudWatch::Dashboard") == {}


def test_log_groups_of_jobs_are_made_where_they_are_listed_and_kept() -> None:
    assert not [name for name in resources(drifting(), "AWS::Logs::LogGroup") if name.startswith("Jobs")]
    found = resources(plain(job_log_groups=["TrainingJobs"], log_days=20), "AWS::Logs::LogGroup")
    (group,) = found.values()
    assert group["DeletionPolicy"] == "Retain"
    assert group["Properties"]["LogGroupName"] == "/aws/sagemaker/TrainingJobs"
    assert group["Properties"]["RetentionInDays"] == 30
    assert "OperationsKey" in group["Properties"]["KmsKeyId"]["Fn::ImportValue"]


def test_a_budget_tells_people_and_counts_what_it_is_to_count() -> None:
    assert resources(drifting(), "AWS::Budgets::Budget") == {}
    given = {"monthly_usd": 100, "emails": ["a@b.example", "c@d.example"]}
    found = only(plain(budget=given), "AWS::Budgets::Budget")
    assert found["Budget"]["BudgetLimit"] == {"Amount": 100, "Unit": "USD"}
    assert "CostFilters" not in found["Budget"]
    told = [
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"], len(each["Subscribers"]))
        for each in found["NotificationsWithSubscribers"]
    ]
    assert told == [("ACTUAL", 80, 2), ("ACTUAL", 100, 2), ("FORECASTED", 100, 2)]
    tagged = only(plain(budget={**given, "scope": "environment"}), "AWS::Budgets::Budget")
    assert tagged["Budget"]["CostFilters"] == {"TagKeyValue": ["user:sageline:environment$dev"]}


def test_what_is_deployed_looks_for_drift_as_the_laptop_does() -> None:
    deployed = only(drifting(), "AWS::SageMaker::Pipeline")
    text, values = deployed["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Sub"]
    built = drift_definition(load_problem("breast_cancer"), changed(WATCHED), ROOT / "build" / "definitions")
    assert text == built
    assert sorted(values) == names(built)
    assert deployed["PipelineName"] == "drift-sageline-breast-cancer"
    assert values["FindChampionFunctionArn"] == f"arn:aws:lambda:{PLACE}:function:sageline-find-champion"


def test_a_schedule_starts_the_check_and_nothing_else() -> None:
    schedule = only(drifting(), "AWS::Scheduler::Schedule")
    assert (schedule["Target"]["Arn"], schedule["ScheduleExpression"]) == (PIPELINE, "rate(1 day)")
    policy = properties(drifting(), "AWS::IAM::ManagedPolicy", "DriftbreastcancerPolicy")["PolicyDocument"]
    assert statements(policy)["Start"]["Resource"] == PIPELINE
    rarely = {**SERVED, "monitoring.drift": {"breast_cancer": {"schedule": "rate(7 days)"}}}
    assert only(template("monitoring", rarely), "AWS::Scheduler::Schedule")["ScheduleExpression"] == "rate(7 days)"


def test_drift_is_told_and_a_check_that_broke_raises_the_alarm_alone() -> None:
    rule = properties(drifting(), "AWS::Events::Rule", "AlarmsTell")
    assert rule["EventPattern"]["detail"] == {
        "currentStepStatus": ["Failed"],
        "pipelineArn": [PIPELINE],
        "stepName": ["Drifted"],
    }
    assert alarm("DriftBreastCancer")["Dimensions"][0]["Value"] == "drift-sageline-breast-cancer"


def test_drift_starts_training_only_where_a_setting_says_so() -> None:
    rule = properties(drifting(), "AWS::Events::Rule", "DriftbreastcancerRetrain")
    assert rule["EventPattern"]["detail"]["stepName"] == ["Drifted"]
    (target,) = rule["Targets"]
    parts = target["InputTransformer"]["InputTemplate"]["Fn::Join"][1]
    event = json.loads(
        "".join(part if isinstance(part, str) else "raw" for part in parts).replace("<execution>", '"e"')
    )
    assert event == {
        "PipelineName": "sageline-breast-cancer",
        "InputDataUri": "s3://raw/breast_cancer/input/",
        "Reason": "Started by drift",
        "Occasion": "e",
    }
    function = properties(drifting(), "AWS::Lambda::Function", "RetrainFunction")
    assert function["Handler"] == "start_pipeline.handler"
    assert "DeadLetterConfig" in function
    quiet = template("monitoring", {**SERVED, "monitoring.drift": {"breast_cancer": {}}})
    assert not [name for name in resources(quiet, "AWS::Events::Rule") if "Retrain" in name]
    assert not [name for name in resources(quiet, "AWS::Lambda::Function") if "Retrain" in name]


def test_the_function_that_lists_captured_files_reads_none() -> None:
    policy = properties(drifting(), "AWS::IAM::ManagedPolicy", "FindCapturedPolicy")["PolicyDocument"]
    assert "s3:GetObject" not in actions(policy)
    listing = statements(policy)["ListCaptured"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["breast_cancer/*"]}}
    written = json.dumps(statements(policy)["WriteManifests"]["Resource"])
    assert "/sageline-breast-cancer/*/manifest.json" in written


def test_jobs_may_read_captured_rows_only_where_drift_is_looked_for() -> None:
    def reads(settings: dict[str, Any]) -> bool:
        policy = properties(template("identity", settings), "AWS::IAM::ManagedPolicy", "ProcessingData")
        return "ReadCapturedObjects" in statements(policy["PolicyDocument"])

    assert (reads(WATCHED), reads(SERVED)) == (True, False)


def test_without_drift_there_is_no_pipeline_and_no_function() -> None:
    for type_ in ("AWS::SageMaker::Pipeline", "AWS::Lambda::Function", "AWS::Scheduler::Schedule"):
        assert resources(plain(), type_) == {}
