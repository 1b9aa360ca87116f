"""Cleanup and Lineage steps by real engines; the types that are only named."""

from __future__ import annotations

from typing import Any

import pytest

from local.engine.unsupported import sentence
from tests.support.pipelines import Ended, Lab, definition, get, join, processing

WRITE = "import pathlib,sys; [pathlib.Path(sys.argv[1], name).write_text(name) for name in 'ab']"


def cleaning(lab: Lab, *sources: dict[str, Any]) -> Ended:
    write = processing("Write", WRITE, "/opt/ml/processing/output/out", outputs=("out",))
    arguments = {"Resources": {"S3": list(sources)}}
    return lab.run(
        definition(write, {"Name": "Tidy", "Type": "Cleanup", "Arguments": arguments, "DependsOn": ["Write"]})
    )


def test_cleanup_deletes_what_it_names_and_nothing_else(lab: Lab) -> None:
    place = get("Steps.Write.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri")
    done = cleaning(lab, {"StepName": "Write", "S3Uris": [join(place, "a", on="/")]})

    assert done.execution.status == "Succeeded", done.execution.failure_reason
    assert [info.key for info in lab.store.objects.list("work")] == ["runs/first0000000/Write/out/b"]
    assert done.steps["Tidy"].properties == {"CleanedSteps": ["Write"], "FailedSteps": [], "SkippedSteps": []}


def test_cleanup_touches_nothing_outside_its_sources_outputs(lab: Lab) -> None:
    lab.put("precious", "data")

    done = cleaning(lab, {"StepName": "Write", "S3Uris": ["s3://work/precious"]})

    assert done.steps["Tidy"].reason == (
        "s3://work/precious does not lie below the outputs of Write; nothing of it was deleted."
    )
    assert lab.store.objects.path("work", "precious").exists()


def test_outputs_of_processing_are_not_guessed(lab: Lab) -> None:
    assert "name the objects to delete in S3Uris" in (cleaning(lab, {"StepName": "Write"}).steps["Tidy"].reason or "")


def test_lineage_gives_its_entities_arns_and_says_that_it_has_no_effect(lab: Lab) -> None:
    source = {"SourceUri": "s3://b/k"}
    arguments = {
        "Actions": [{"ActionName": "train", "Source": source, "ActionType": "Training"}],
        "Artifacts": [{"ArtifactName": "model", "Source": source, "ArtifactType": "Model"}],
        "Associations": [
            {"Source": {"Name": "train", "Type": "Action"}, "Destination": {"Name": "model", "Type": "Artifact"}}
        ],
    }
    done = lab.run(definition({"Name": "Trace", "Type": "Lineage", "Arguments": arguments}))

    found = done.steps["Trace"]
    assert (found.status, found.how) == ("Succeeded", "no effect")
    (link,) = found.properties["Associations"]
    assert link["SourceArn"] == found.properties["ActionArns"]["train"]
    assert link["DestinationArn"].endswith(":artifact/model")


@pytest.mark.parametrize("step_type", ["EMR", "EMRServerless", "InferenceComponent", "Job", "Telepathy"])
def test_types_that_do_not_run_are_named_with_what_to_do(step_type: str) -> None:
    assert sentence(step_type).startswith(f"is of type {step_type}, which ")
