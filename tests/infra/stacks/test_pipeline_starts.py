from __future__ import annotations

import json

from pipeline.names import input_prefix
from tests.support.bundled_pipelines import ACCOUNT, PLACE, body, bundled, joined, name_of
from tests.support.stacks import only, properties, resources, statements, template


def test_a_schedule_starts_its_pipeline_once_for_each_time() -> None:
    schedule = only(bundled(), "AWS::Scheduler::Schedule")
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == ("rate(7 days)", "UTC")
    event = joined(schedule["Target"]["Input"])
    assert event["PipelineName"] == "sageline-diabetes"
    assert event["InputDataUri"] == "s3://bucket/diabetes/input/"
    assert event["Occasion"] == "<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time>"
    assert schedule["Target"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("UndeliveredQueue")


def test_only_this_stacks_schedules_take_on_the_schedules_role() -> None:
    role = properties(bundled(), "AWS::IAM::Role", "SchedulesRole")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    group = f"arn:aws:scheduler:{PLACE}:schedule-group/sageline-dev-pipelines"
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": group}}
    assert only(bundled(), "AWS::Scheduler::ScheduleGroup")["Name"] == "sageline-dev-pipelines"
    document = properties(bundled(), "AWS::IAM::ManagedPolicy", "SchedulesPolicy")["PolicyDocument"]
    invoke = statements(document)["Invoke"]
    assert invoke["Resource"] == f"arn:aws:lambda:{PLACE}:function:sageline-start-pipeline"


def test_files_in_a_problems_folder_start_its_pipeline_where_the_definition_reads_them() -> None:
    rule = properties(bundled(), "AWS::Events::Rule", "NewDatadigits")
    detail = rule["EventPattern"]["detail"]
    assert "Raw" in name_of(detail["bucket"]["name"][0])
    assert detail["object"] == {"key": [{"prefix": "digits/input/"}], "size": [{"numeric": [">", 0]}]}
    (target,) = rule["Targets"]
    event = joined(target["Input"])
    parameters = json.loads(body("digits")["Fn::Sub"][0])["Parameters"]
    (default,) = [each["DefaultValue"] for each in parameters if each["Name"] == "InputDataUri"]
    assert (
        default.replace("${DataBucket}", "bucket") == event["InputDataUri"] == f"s3://bucket/{input_prefix('digits')}"
    )
    assert event["QuietSeconds"] == 120
    permission = only(bundled(), "AWS::Lambda::Permission")
    assert permission["Principal"] == "events.amazonaws.com"
    assert permission["SourceArn"]["Fn::GetAtt"][0].startswith("NewDatadigits")


def test_by_default_nothing_starts_by_itself() -> None:
    found = template("pipelines")
    for type_ in ("AWS::Scheduler::Schedule", "AWS::Scheduler::ScheduleGroup", "AWS::Lambda::Permission"):
        assert resources(found, type_) == {}
    assert len(resources(found, "AWS::Lambda::Function")) == 2
    assert {name for name in resources(found, "AWS::Events::Rule") if not name.startswith("Failures")} == set()
