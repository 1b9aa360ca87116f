"""RegisterModel steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.support.pipelines import Lab, definition, get, processing


def register(**more: Any) -> dict[str, Any]:
    request = {
        "ModelPackageGroupName": "Small-Models",
        "ModelApprovalStatus": get("Parameters.Approval"),
        "InferenceSpecification": {"Containers": [{"Image": "image", "ModelDataUrl": "s3://work/m"}]},
        "CustomerMetadataProperties": {"problem": "small"},
        **more,
    }
    return {"Name": "Register", "Type": "RegisterModel", "Arguments": request}


def test_versions_are_counted_in_a_group_that_comes_with_the_first(lab: Lab) -> None:
    raw = definition(register(), Approval="PendingManualApproval")
    first = lab.run(raw, "first0000000")
    second = lab.run(raw, "second000000", parameters={"Approval": "Approved"})

    group = lab.store.resources.get("ModelPackageGroup", "Small-Models")
    assert group is not None
    assert group.arn.endswith(":model-package-group/small-models")
    packages = lab.store.resources.list("ModelPackage")
    assert [package.arn.rpartition("/")[2] for package in packages] == ["1", "2"]
    assert [package.body["ModelApprovalStatus"] for package in packages] == ["PendingManualApproval", "Approved"]
    assert packages[0].body["CustomerMetadataProperties"] == {"problem": "small"}
    assert first.summary["model_package"] == packages[0].arn
    assert second.summary["model_package"] == packages[1].arn


def test_each_version_is_an_event(lab: Lab) -> None:
    lab.run(definition(register(), Approval="Approved"))

    kind = "SageMaker Model Package State Change"
    event = next(event for event in lab.store.events.after() if event["detail-type"] == kind)
    assert event["detail"]["ModelPackageVersion"] == 1
    assert event["detail"]["ModelApprovalStatus"] == "Approved"
    assert event["resources"] == [event["detail"]["ModelPackageArn"]]


def test_a_later_step_reads_the_package(lab: Lab) -> None:
    show = "import sys; print('package', sys.argv[1])"
    raw = definition(register(), processing("Show", show, get("Steps.Register.ModelPackageArn")), Approval="Approved")

    assert "package arn:aws:sagemaker:us-east-1:000000000000:model-package/small-models/1" in lab.run(raw).log("Show")


def test_a_step_that_was_killed_after_it_registered_does_not_register_twice(lab: Lab) -> None:
    done = lab.run(definition(register(), Approval="Approved"))
    lab.store.steps.save(replace(done.steps["Register"], status="Executing"))

    again = lab.resume(done.execution.arn)

    assert again.steps["Register"].attempt == 2
    assert again.summary["model_package"] == done.summary["model_package"]
    assert len(lab.store.resources.list("ModelPackage")) == 1
