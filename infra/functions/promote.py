"""Promote: registers a version here that was approved in another account, with copies of all that it is made of.

The event is that account's "SageMaker Model Package State Change", which may come twice. Copies are under keys that
name the account, encrypted as everything here is: what serves here depends on nothing there. Whether the version is
approved here is decided here, by a person or by the settings.

An image of that account's is that of the same name here, which is pushed to both.

The environment has BUCKET, where copies go, APPROVAL, the status that versions begin with, and ACCOUNT, this one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3

ORIGIN = "sageline:promoted-from"
NONE = "none"
#: What CreateModelPackage takes of what DescribeModelPackage gives.
KEPT = (
    "AdditionalInferenceSpecifications",
    "Domain",
    "DriftCheckBaselines",
    "InferenceSpecification",
    "ModelMetrics",
    "ModelPackageDescription",
    "SamplePayloadUrl",
    "SkipModelValidation",
    "Task",
)
#: What an environment's own function writes down of its own deployments.
OWN = ("sageline:approved", "sageline:served")


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Return {"ModelPackageArn": the version here}, "none" where the other is approved no more."""
    del context
    origin, group = event["detail"]["ModelPackageArn"], event["detail"]["ModelPackageGroupName"]
    package = aws("sagemaker").describe_model_package(ModelPackageName=origin)
    if package["ModelApprovalStatus"] != "Approved":
        print(f"{origin} is {package['ModelApprovalStatus']} by now: nothing is promoted.")
        return {"ModelPackageArn": NONE}
    arn = promoted(group, origin) or register(group, package)
    print(f"{origin} is {arn} here.")
    return {"ModelPackageArn": arn}


def promoted(group: str, origin: str) -> str | None:
    """Return the version here that was made of another before."""
    pages = aws("sagemaker").get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    for page in pages:
        for each in page["ModelPackageSummaryList"]:
            found = aws("sagemaker").describe_model_package(ModelPackageName=each["ModelPackageArn"])
            if (found.get("CustomerMetadataProperties") or {}).get(ORIGIN) == origin:
                return str(each["ModelPackageArn"])
    return None


def register(group: str, package: dict[str, Any]) -> str:
    """Copy what a version is made of, register it here, and return its ARN here."""
    origin = package["ModelPackageArn"]
    request = {name: package[name] for name in KEPT if name in package}
    account = origin.split(":")[4]
    addresses = {address: own_address(address, group, account) for address in addresses_in(request)}
    for there, here in addresses.items():
        copy(there, here)
    metadata = package.get("CustomerMetadataProperties") or {}
    made = aws("sagemaker").create_model_package(
        **replaced(request, {**addresses, **images_in(request, account)}),
        ModelPackageGroupName=group,
        ModelApprovalStatus=os.environ["APPROVAL"],
        CustomerMetadataProperties={
            **{name: value for name, value in metadata.items() if name not in OWN},
            ORIGIN: origin,
        },
        # Two that are told at the same time make one.
        ClientToken=hashlib.sha256(origin.encode()).hexdigest()[:32],
    )
    return str(made["ModelPackageArn"])


def addresses_in(value: Any) -> Iterator[str]:
    """Yield every address in S3 that a request names."""
    if isinstance(value, dict):
        for each in value.values():
            yield from addresses_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from addresses_in(each)
    elif isinstance(value, str) and value.startswith("s3://"):
        yield value


def images_in(request: dict[str, Any], account: str) -> dict[str, str]:
    """Return the images of an account's own that a request names, each with its name here."""
    own = f"{account}.dkr.ecr."
    images = [each.get("Image", "") for each in request.get("InferenceSpecification", {}).get("Containers", ())]
    return {image: f"{os.environ['ACCOUNT']}{image.removeprefix(account)}" for image in images if image.startswith(own)}


def replaced(value: Any, addresses: dict[str, str]) -> Any:
    """Return a request with other addresses."""
    if isinstance(value, dict):
        return {name: replaced(each, addresses) for name, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, addresses) for each in value]
    return addresses.get(value, value) if isinstance(value, str) else value


def own_address(address: str, group: str, account: str) -> str:
    """Return where a copy goes."""
    key = split(address)[1].removeprefix(f"{group}/")
    return f"s3://{os.environ['BUCKET']}/{group}/promoted/{account}/{key}"


def copy(there: str, here: str) -> None:
    """Copy an object of at most 5 GB, within S3; the bucket encrypts it with its own key."""
    (source, source_key), (bucket, key) = split(there), split(here)
    aws("s3").copy_object(Bucket=bucket, Key=key, CopySource={"Bucket": source, "Key": source_key})


def split(address: str) -> tuple[str, str]:
    """Return an address's bucket and key."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    return bucket, key


@cache
def aws(service: str) -> Any:
    """Return a service's client."""
    return boto3.client(service)
