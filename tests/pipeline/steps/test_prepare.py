from __future__ import annotations

from collections.abc import Callable
from typing import Any

from config.problem import MOST_DROPPED
from pipeline.arguments import BOOTSTRAP
from tests.pipeline.conftest import Definition, flattened

Steps = dict[str, dict[str, Any]]


def arguments(definition: Definition) -> list[Any]:
    found: list[Any] = flattened(definition)["Prepare"]["Arguments"]["AppSpecification"]["ContainerArguments"]
    return found


def test_it_unpacks_the_bundle_and_runs_the_module(steps: Steps) -> None:
    application = steps["Prepare"]["Arguments"]["AppSpecification"]
    assert application["ContainerEntrypoint"] == ["python3", "-c", BOOTSTRAP]
    assert application["ContainerArguments"][1] == "processing_scripts.prepare"


def test_its_arguments_are_the_problem(built: Callable[..., Definition]) -> None:
    changes = {
        "kind": "binary",
        "positive": "yes",
        "drop": ["id", "-odd"],
        "missing": ["?", "-999"],
        "format": {"header": False, "delimiter": ";"},
    }
    assert arguments(built(of=changes))[2:] == [
        *("--input", "/opt/ml/processing/input/data", "--output", "/opt/ml/processing/output"),
        *("--target", "outcome", "--kind", "binary", "--metric", "auc", "--positive", "yes"),
        *("--drop", "id", "--drop=-odd", "--missing", "?", "--missing=-999"),
        *("--seed", {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Seed"}]}}),
        {"Std:Join": {"On": "", "Values": ["--data-version=", {"Get": "Parameters.DataVersion"}]}},
        *("--no-header", "--delimiter", ";"),
    ]


def test_what_a_problem_does_not_say_is_not_passed_on(plain: Definition) -> None:
    given = {each for each in arguments(plain) if isinstance(each, str)}
    assert given.isdisjoint({"--positive", "--drop", "--missing", "--header", "--no-header", "--delimiter"})


def test_what_a_problem_says_of_the_header_is_passed_on(built: Callable[..., Definition]) -> None:
    assert "--header" in arguments(built(of={"format": {"header": True}}))


def test_it_reads_the_data_that_the_execution_is_started_with(steps: Steps) -> None:
    (data,) = [each for each in steps["Prepare"]["Arguments"]["ProcessingInputs"] if each["InputName"] == "data"]
    assert data["S3Input"]["S3Uri"] == {"Get": "Parameters.InputDataUri"}
    assert data["S3Input"]["LocalPath"] == "/opt/ml/processing/input/data"


def test_it_writes_the_splits_the_features_and_a_profile(steps: Steps) -> None:
    outputs = steps["Prepare"]["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    assert [each["OutputName"] for each in outputs] == ["train", "validation", "test", "features", "profile"]


def test_the_most_that_a_problem_may_list_fits_into_a_jobs_arguments(built: Callable[..., Definition]) -> None:
    changes = {
        "positive": "yes",
        "drop": [f"c{number}" for number in range(MOST_DROPPED)],
        "format": {"header": False, "delimiter": ";"},
    }
    assert len(arguments(built(of=changes))) <= 100
