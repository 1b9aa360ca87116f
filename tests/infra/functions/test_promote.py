"""The function between two accounts' registries, with copies that are really made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.functions import promote
from tests.support.moto.server import Server
from tests.support.two_registries import FILES, Across, approved, event

GROUP = "sageline-breast-cancer"
LAB, SHOP = "111122223333", "444455556666"
THEIRS, OURS = "lab-artifacts", "shop-artifacts"
REGION = "eu-central-1"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(LAB, REGION, tmp_path_factory.mktemp("lab") / "server.log") as server:
        yield server


@pytest.fixture(scope="module")
def servers(lab: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """The account that models come from, and that which they go to, with the buckets of both."""
    with Server(SHOP, REGION, tmp_path_factory.mktemp("shop") / "server.log") as shop:
        shop.client("sagemaker").create_model_package_group(ModelPackageGroupName=GROUP)
        for bucket in (THEIRS, OURS):
            shop.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        for key, content in FILES.items():
            shop.client("s3").put_object(Bucket=THEIRS, Key=key, Body=content)
        yield lab, shop


@dataclass(frozen=True)
class Shop:
    """The account that the function runs in; ``before`` are the versions that its registry has already."""

    server: Server
    before: frozenset[str]

    def versions(self) -> list[Any]:
        """Describe the versions that were registered since."""
        sagemaker = self.server.client("sagemaker")
        return [
            sagemaker.describe_model_package(ModelPackageName=arn) for arn in sorted(_listed(self.server) - self.before)
        ]


def _listed(server: Server) -> frozenset[str]:
    pages = server.client("sagemaker").get_paginator("list_model_packages").paginate(ModelPackageGroupName=GROUP)
    return frozenset(each["ModelPackageArn"] for page in pages for each in page["ModelPackageSummaryList"])


@pytest.fixture
def shop(servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> Shop:
    lab, shop = servers
    across = Across(shop.client("sagemaker"), lab)
    monkeypatch.setattr(promote, "aws", lambda service: across if service == "sagemaker" else shop.client(service))
    monkeypatch.setenv("BUCKET", OURS)
    monkeypatch.setenv("ACCOUNT", SHOP)
    monkeypatch.setenv("APPROVAL", "PendingManualApproval")
    return Shop(shop, _listed(shop))


def test_an_approved_version_is_registered_here_and_waits_for_a_person(lab: Server, shop: Shop) -> None:
    origin = approved(lab, THEIRS)
    answer = promote.handler(event(origin), None)
    (version,) = shop.versions()
    assert answer == {"ModelPackageArn": version["ModelPackageArn"]}
    assert version["ModelPackageArn"].split(":")[4] == SHOP
    assert version["ModelApprovalStatus"] == "PendingManualApproval"
    assert version["ModelPackageDescription"] == "Tells one thing from another."
    assert version["CustomerMetadataProperties"] == {"problem": "breast_cancer", "sageline:promoted-from": origin}


def test_what_it_is_made_of_is_copied_and_nothing_there_is_named_any_more(lab: Server, shop: Shop) -> None:
    promote.handler(event(approved(lab, THEIRS)), None)
    (version,) = shop.versions()
    assert THEIRS not in str(version)
    named = [
        version["InferenceSpecification"]["Containers"][0]["ModelDataUrl"],
        version["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"],
        version["DriftCheckBaselines"]["ModelDataQuality"]["Statistics"]["S3Uri"],
    ]
    for address, (key, content) in zip(named, FILES.items(), strict=True):
        copied = f"{GROUP}/promoted/{LAB}/{key.removeprefix(f'{GROUP}/')}"
        assert address == f"s3://{OURS}/{copied}"
        assert shop.server.client("s3").get_object(Bucket=OURS, Key=copied)["Body"].read() == content


def test_an_image_of_that_account_is_that_of_the_same_name_here(lab: Server, shop: Shop) -> None:
    registry = f"dkr.ecr.{REGION}.amazonaws.com"
    for image, here in (
        (f"{LAB}.{registry}/sageline-serving:7", f"{SHOP}.{registry}/sageline-serving:7"),
        (f"492215442770.{registry}/sagemaker-xgboost:3.2-0", f"492215442770.{registry}/sagemaker-xgboost:3.2-0"),
    ):
        arn = promote.handler(event(approved(lab, THEIRS, image=image)), None)["ModelPackageArn"]
        version = shop.server.client("sagemaker").describe_model_package(ModelPackageName=arn)
        assert version["InferenceSpecification"]["Containers"][0]["Image"] == here


def test_an_event_that_comes_twice_registers_once(lab: Server, shop: Shop) -> None:
    origin = approved(lab, THEIRS)
    assert promote.handler(event(origin), None) == promote.handler(event(origin), None)
    assert len(shop.versions()) == 1


def test_two_versions_are_two_here(lab: Server, shop: Shop) -> None:
    for _ in range(2):
        promote.handler(event(approved(lab, THEIRS)), None)
    assert len(shop.versions()) == 2


def test_a_version_that_was_rejected_meanwhile_is_not_promoted(lab: Server, shop: Shop) -> None:
    origin = approved(lab, THEIRS)
    lab.client("sagemaker").update_model_package(ModelPackageArn=origin, ModelApprovalStatus="Rejected")
    assert promote.handler(event(origin), None) == {"ModelPackageArn": "none"}
    assert shop.versions() == []


def test_a_setting_has_it_approved_here_at_once(lab: Server, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPROVAL", "Approved")
    promote.handler(event(approved(lab, THEIRS)), None)
    assert [each["ModelApprovalStatus"] for each in shop.versions()] == ["Approved"]


def test_a_file_that_cannot_be_copied_registers_nothing(lab: Server, shop: Shop) -> None:
    origin = approved(lab, "bucket-that-is-gone")
    with pytest.raises(Exception, match="NoSuchBucket"):
        promote.handler(event(origin), None)
    assert shop.versions() == []


def test_every_file_that_versions_are_made_of_is_one_that_others_may_read() -> None:
    from infra.permissions.promotion import FILES as READABLE  # noqa: PLC0415 - starts Node

    root = Path(__file__).parents[3]
    register = (root / "pipeline" / "steps" / "register.py").read_text("utf-8")
    assert all(each in register for each in READABLE if each != "model.tar.gz")
    assert {key.rpartition("/")[2] for key in FILES} == set(READABLE)
