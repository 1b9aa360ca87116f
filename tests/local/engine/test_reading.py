"""Inputs that name nothing are said before anything starts, where no step could bring them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.definition.model import bind_parameters, parse
from local.engine.reading import missing_inputs
from tests.support.automl import automl
from tests.support.pipelines import CACHED, Lab, condition, definition, get, join, output_of, processing, training
from tests.support.tuning import request, tuning

TRUE = {"Type": "Equals", "LeftValue": 1, "RightValue": 1}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.at(tmp_path)


def missing(lab: Lab, *steps: dict[str, Any], given: dict[str, str] | None = None, **how: Any) -> list[str]:
    raw = definition(*steps, Place="s3://work/default", Bucket="work")
    read = parse(raw)
    return missing_inputs(read, bind_parameters(read, given or {}), lab.store.objects, **how)


def reads(uri: Any, name: str = "Prepare", **members: Any) -> dict[str, Any]:
    return processing(name, "pass", inputs={"data": uri}, **members)


def test_the_address_and_the_parameter_that_gives_it_are_named(lab: Lab) -> None:
    (named,) = missing(lab, reads(get("Parameters.Place")))
    assert named == (
        "Step Prepare reads s3://work/default as its input 'data', and there is nothing. Put the data there (objects "
        f"are files below {lab.store.objects.root}), or name another address with the parameter Place."
    )
    (literal,) = missing(lab, reads("s3://work/rows/"))
    assert literal.endswith("or name another address.")
    (joined,) = missing(lab, reads(join("s3:/", get("Parameters.Bucket"), "rows", on="/")))
    assert "reads s3://work/rows as" in joined
    assert joined.endswith("with the parameter Bucket.")


@pytest.mark.parametrize("uri", ["s3://work/rows/a.csv", "s3://work/rows", "s3://work/rows/", "s3://work/ro"])
def test_an_object_a_folder_and_the_beginning_of_a_key_are_there(lab: Lab, uri: str) -> None:
    lab.put("rows/a.csv", "1")
    assert missing(lab, reads(get("Parameters.Place")), given={"Place": uri}) == []


def test_an_address_that_is_none_is_said(lab: Lab) -> None:
    (found,) = missing(lab, reads("rows/a.csv"))
    assert found.startswith("Step Prepare reads rows/a.csv as its input")


def test_every_kind_of_job_is_looked_at(lab: Lab) -> None:
    auto = automl(uri="s3://work/rows/")
    transform = {
        "Name": "Score",
        "Type": "Transform",
        "Arguments": {"TransformInput": {"DataSource": {"S3DataSource": {"S3Uri": "s3://work/rows/"}}}},
    }
    steps = (
        training("Train", channels={"train": "s3://work/rows/"}),
        tuning(request()),
        {"Name": "Auto", "Type": "AutoML", "Arguments": auto["Arguments"]},
        transform,
    )
    found = [sentence.partition(", and")[0] for sentence in missing(lab, *steps)]
    assert found == [
        "Step Train reads s3://work/rows/ as its input 'train'",
        "Step Tune reads s3://work/code/code.tar.gz as its input 'code'",
        "Step Auto reads s3://work/rows/ as its input 'data'",
        "Step Score reads s3://work/rows/ as its input 'TransformInput'",
    ]


def test_what_an_earlier_step_may_bring_is_not_missed(lab: Lab) -> None:
    lab.put("rows/a.csv", "1")
    first = reads("s3://work/rows/", "First", outputs=("out",))
    after = reads(output_of("First", "out"), "After")
    by_hand = reads("s3://work/written/by/First", "ByHand", DependsOn=["First"])
    inside = reads("s3://work/written/by/First", "Inside")
    assert missing(lab, first, after, by_hand, condition("Gate", TRUE, [inside], [])) == []


def test_selected_steps_alone_are_looked_at(lab: Lab) -> None:
    steps = (reads("s3://work/a", "A"), reads("s3://work/b", "B"))
    assert len(missing(lab, *steps)) == 2
    (found,) = missing(lab, *steps, selected=["B"])
    assert found.startswith("Step B ")


def test_a_cache_that_compares_requests_may_do_without_the_data(lab: Lab) -> None:
    step = reads("s3://work/a", CacheConfig=CACHED)
    assert len(missing(lab, step)) == 1
    assert missing(lab, step, by_address=True) == []
    assert len(missing(lab, reads("s3://work/a"), by_address=True)) == 1
