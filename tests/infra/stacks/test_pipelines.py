from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from config import load_problem
from local.definition.validate import validate
from pipeline.bundle import build_bundle
from pipeline.definition import definition
from pipeline.placeholders import fill, names
from tests.pipeline.inputs import VALUES
from tests.support.bundled_pipelines import ACCOUNT, PROBLEMS, body, bundled, function, joined, name_of, pipeline
from tests.support.stacks import changed, only, properties, resources, template
from tests.support.substitution import substitute

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_laptop_finds_nothing_wrong_with_the_deployed_definition(problem: str) -> None:
    values = body(problem)["Fn::Sub"][1]
    resolved = {name: value if isinstance(value, str) else VALUES[name] for name, value in values.items()}
    deployed = substitute(body(problem), resolved)
    assert validate(json.loads(deployed), text_size=len(deployed)) == []
    assert "${" not in deployed


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_deployed_is_what_the_laptop_runs(problem: str, tmp_path: Path) -> None:
    text, values = body(problem)["Fn::Sub"]
    built = definition(load_problem(problem), changed({}), cache_dir=ROOT / "build" / "definitions")
    assert text == built
    assert sorted(values) == names(built)
    assert substitute(body(problem), VALUES) == fill(built, VALUES)


def test_each_placeholder_is_filled_with_what_it_is_called() -> None:
    values = body("breast_cancer")["Fn::Sub"][1]
    expected = {
        "ArtifactBucket": "data:ExportsOutputRefArtifacts",
        "ArtifactKeyArn": "data:ExportsOutputFnGetAttArtifactsKey",
        "DataBucket": "data:ExportsOutputRefRaw",
        "EndpointRoleArn": "identity:ExportsOutputFnGetAttEndpoint",
        "FindChampionFunctionArn": "FindChampionFunction",
        "ProcessingRoleArn": "identity:ExportsOutputFnGetAttProcessing",
        "SmokeTestFunctionArn": "SmokeTestFunction",
        "TrainingRoleArn": "identity:ExportsOutputFnGetAttTraining",
    }
    found = {name: name_of(values[name]) for name in expected}
    assert [
        name for name, start in expected.items() if not found[name].removeprefix("sageline-dev-").startswith(start)
    ] == []
    assert len({json.dumps(values[f"PrivateSubnet{zone}"]) for zone in (1, 2)}) == 2


def test_a_problem_that_leaves_its_model_to_automl_is_given_automls_role(tmp_path: Path) -> None:
    file = tmp_path / "left_open.yaml"
    text = (ROOT / "config" / "problems" / "breast_cancer.yaml").read_text("utf-8")
    file.write_text(f"{text}\nmodel: auto\n", encoding="utf-8")
    found = template("pipelines", problems=(str(file),))
    values = pipeline("left_open", found)["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Sub"][1]
    assert "Auto" in name_of(values["AutoMLRoleArn"])
    assert "AutoMLRoleArn" not in body("breast_cancer")["Fn::Sub"][1]


def test_a_third_zone_gives_the_jobs_a_third_subnet() -> None:
    found = template("pipelines", {"network.zones": 3})
    assert (
        "PrivateSubnet3"
        in pipeline("breast_cancer", found)["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Sub"][1]
    )


def test_code_is_published_under_a_name_that_is_its_content() -> None:
    values = body("digits")["Fn::Sub"][1]
    uri, file = values["CodeUri"], values["CodeFile"]
    assert uri == f"s3://cdk-hnb659fds-assets-{ACCOUNT}-eu-central-1/{file}"
    assert file.endswith(".gz")
    bundle = build_bundle(ROOT)
    published = ROOT / "build" / "code" / bundle.file_name
    assert hashlib.sha256(published.read_bytes()).hexdigest() == bundle.sha256


def test_a_pipeline_says_what_it_is_for_and_whom_it_belongs_to() -> None:
    found = pipeline("breast_cancer")
    assert found["PipelineName"] == "sageline-breast-cancer"
    assert found["PipelineDescription"] == load_problem("breast_cancer").goal
    assert name_of(found["RoleArn"]).startswith("sageline-dev-identity:ExportsOutputFnGetAttPipeline")
    tags = {each["Key"]: each["Value"] for each in found["Tags"]}
    assert tags == {"sageline:environment": "dev", "sageline:problem": "breast_cancer"}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_pipeline_waits_for_its_model_group(problem: str) -> None:
    start = f"Pipeline{problem.replace('_', '')}"
    (found,) = [
        each for name, each in resources(bundled(), "AWS::SageMaker::Pipeline").items() if name.startswith(start)
    ]
    (group,) = found["DependsOn"]
    assert bundled()["Resources"][group]["Type"] == "AWS::SageMaker::ModelPackageGroup"
    assert bundled()["Resources"][group]["DeletionPolicy"] == "Retain"


def test_every_setting_changes_what_it_says() -> None:
    other = {
        "pipelines.parallelism": 3,
        "pipelines.quiet_minutes": 5,
        "pipelines.on_new_data": ["breast_cancer"],
        "pipelines.schedules": {"breast_cancer": "cron(0 6 ? * MON *)"},
        "pipelines.emails": ["team@example.com", "b@example.com"],
        "pipelines.log_days": 8,
        "pipelines.reserved_concurrency": 2,
        "pipelines.tell_of_waiting_versions": False,
    }
    fields = set(type(changed({}).pipelines).model_fields)
    assert {f"pipelines.{name}" for name in fields} == set(other)
    found = template("pipelines", other)
    assert pipeline("breast_cancer", found)["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 3}
    assert pipeline("breast_cancer")["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 8}
    (target,) = properties(found, "AWS::Events::Rule", "NewDatabreastcancer")["Targets"]
    assert joined(target["Input"])["QuietSeconds"] == 300
    assert function("StartPipeline", found)["Timeout"] > 300
    assert only(found, "AWS::Scheduler::Schedule")["ScheduleExpression"] == "cron(0 6 ? * MON *)"
    subscribed = {each["Properties"]["Endpoint"] for each in resources(found, "AWS::SNS::Subscription").values()}
    assert subscribed == {"team@example.com", "b@example.com"}
    assert {each["Properties"]["RetentionInDays"] for each in resources(found, "AWS::Logs::LogGroup").values()} == {14}
    concurrency = {
        each["Properties"]["ReservedConcurrentExecutions"]
        for each in resources(found, "AWS::Lambda::Function").values()
    }
    assert concurrency == {2}
    assert not [name for name in resources(found, "AWS::Events::Rule") if "VersionWaits" in name]
