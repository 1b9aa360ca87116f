"""What deploy_approved does about deployments that fail, and about what is rejected."""

from __future__ import annotations

import pytest

from infra.functions import deploy_approved
from tests.support.approvals import Place


def test_rejecting_what_serves_goes_back_to_the_last_good_version(place: Place) -> None:
    place.register(4)
    place.hinder(3)
    for version in (1, 2, 3, 4):
        place.approve(version)
    assert place.reject(4) == place.arn(2)
    assert place.served() == place.arn(2)
    assert place.reject(2) == place.arn(1)
    assert place.served() == place.arn(1)
    # Each went back under a token that a rule can tell from those of approvals.
    assert [each["detail"]["client-request-token"].rsplit("-", 3)[0] for each in place.told] == [
        *["sageline-deploy"] * 4,
        *["sageline-back"] * 2,
    ]


def test_what_was_rejected_is_deployed_again_once_it_is_approved_again(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.approve(2)
    place.reject(2)
    assert place.approve(2) == place.arn(2)
    assert place.served() == place.arn(2)


def test_rejecting_another_version_changes_nothing(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.approve(2)
    assert place.reject(1) == "none"
    assert place.served() == place.arn(2)


def test_rejecting_the_only_version_leaves_it_serving_and_says_so(place: Place) -> None:
    place.register(2)
    place.approve(1)
    with pytest.raises(RuntimeError, match="/1 was rejected and still serves: no other approved version"):
        place.reject(1)
    assert place.served() == place.arn(1)
    assert place.approve(2) == place.arn(2)


def test_a_deployment_that_fails_is_taken_back_and_its_version_rejected_with_the_reason(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.hinder(2)
    event = place.decide(2, "Approved")
    place.tell(event)
    assert place.served() == place.arn(1)
    package = place.package(2)
    assert package["ModelApprovalStatus"] == "Rejected"
    assert package["ApprovalDescription"].startswith("Its deployment failed: Number: ")
    assert package["ApprovalDescription"].endswith("Approve it again to try once more.")
    assert "AlreadyExists" in package["ApprovalDescription"]
    # Neither the approval, told again, nor the next deployment repeats it.
    assert place.tell(event) == "none"
    place.register(1)
    place.approve(3)
    place.reject(3)
    assert place.served() == place.arn(1)


def test_a_failure_that_is_told_again_does_not_reject_what_was_approved_anew(place: Place) -> None:
    place.register(1)
    place.hinder(1)
    place.approve(1)
    (failure,) = place.told
    assert place.package(1)["ModelApprovalStatus"] == "Rejected"
    place.moto.client("ssm").delete_parameter(Name=f"/{place.stack}/1")
    place.approve(1)
    deploy_approved.handler(failure, None)
    assert place.package(1)["ModelApprovalStatus"] == "Approved"
    assert place.served() == place.arn(1)


def test_going_back_that_fails_rejects_nothing_and_is_told(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.approve(2)
    place.hinder(1)
    with pytest.raises(RuntimeError, match="could not go back to the last good version: Number: "):
        place.reject(2)
    assert place.package(1)["ModelApprovalStatus"] == "Approved"
    assert place.served() == place.arn(2)


def test_a_failed_deployment_of_other_settings_rejects_nothing(place: Place) -> None:
    place.register(1)
    place.approve(1)
    (ended,) = place.told
    detail = {
        **ended["detail"],
        "status-details": {"status": "UPDATE_ROLLBACK_COMPLETE"},
        "client-request-token": "cdk-deploy",
    }
    assert deploy_approved.handler({**ended, "detail": detail}, None) == {"Deployment": "none"}
    assert place.package(1)["ModelApprovalStatus"] == "Approved"
