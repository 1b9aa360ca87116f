"""Training that goes on from an earlier model: a parameter, an input of what prepares, a channel of what trains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pipeline.conftest import Definition, flattened

ADDRESS = "s3://models/earlier/model.tar.gz"
REFERENCE = {"Get": "Parameters.ContinueFromUri"}


def continued(earlier: str = ADDRESS, **more: Any) -> dict[str, Any]:
    return {"training": {"continue_from": earlier}, **more}


def default(definition: Definition) -> str | None:
    found = {each["Name"]: each["DefaultValue"] for each in definition["Parameters"]}
    return found.get("ContinueFromUri")


def inputs(step: dict[str, Any]) -> dict[str, Any]:
    return {each["InputName"]: each["S3Input"]["S3Uri"] for each in step["Arguments"]["ProcessingInputs"]}


def channels(request: dict[str, Any]) -> dict[str, Any]:
    return {each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"] for each in request["InputDataConfig"]}


def test_without_an_earlier_model_nothing_speaks_of_one(plain: Definition, steps: dict[str, dict[str, Any]]) -> None:
    assert default(plain) is None
    assert "--like" not in steps["Prepare"]["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert "earlier" not in inputs(steps["Prepare"])
    assert "model" not in channels(steps["Train"]["Arguments"])


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (ADDRESS, ADDRESS),
        ("two_words/3", "s3://sageline-data-111122223333/two_words/earlier/model.tar.gz"),
        ("models/model.tar.gz", "s3://sageline-data-111122223333/two_words/earlier/model.tar.gz"),
    ],
)
def test_an_address_is_the_parameters_default_and_what_is_none_is_looked_up_at_the_start(
    built: Callable[..., Definition], earlier: str, expected: str
) -> None:
    assert default(built(of=continued(earlier))) == expected


def test_the_candidate_alone_is_given_the_model_and_the_data_is_prepared_like_its(
    built: Callable[..., Definition],
) -> None:
    found = flattened(built(of=continued()))
    assert channels(found["Train"]["Arguments"])["model"] == REFERENCE
    assert "model" not in channels(found["TrainBaseline"]["Arguments"])
    assert inputs(found["Prepare"])["earlier"] == REFERENCE
    words = found["Prepare"]["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert words[words.index("--like") + 1] == "/opt/ml/processing/input/earlier"


def test_in_shards_the_host_that_fits_is_given_it(built: Callable[..., Definition]) -> None:
    found = flattened(built(of=continued(processing={"shards": 2})))
    assert inputs(found["MergeFits"])["earlier"] == REFERENCE
    assert ["earlier" in inputs(found[name]) for name in ("FitShards", "TransformShards")] == [False, False]


def test_every_training_of_a_search_goes_on_from_it(built: Callable[..., Definition]) -> None:
    found = flattened(built(of=continued(tuning={"max_jobs": 4})))
    assert channels(found["Tune"]["Arguments"]["TrainingJobDefinition"])["model"] == REFERENCE
