"""FindChampion: the newest approved model of a group, so that Evaluate, which may make no calls, can be given it.

A model of AutoML's is named and not given: its archive is for a container of its own, in which Evaluate does not run.

The event is {"ModelPackageGroupName": …, "StandIn": …}. StandIn is the address of an object that exists and is no model
archive: a job's input needs an object at its address, also where no model was approved yet.
"""

from __future__ import annotations

from typing import Any

import boto3

NONE = "none"
AUTOML = "auto"  # what Register writes in the package's metadata under "model"
MAX_CHARACTERS = 1024  # what a Lambda step takes in one output


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Return ModelDataUri and BaselineUri (StandIn where there is none), ModelPackageArn, -Version and MetricsUri."""
    del context
    sagemaker = boto3.client("sagemaker")
    package = _newest_approved(sagemaker, event["ModelPackageGroupName"])
    archive = None if package is None else _model_data(package)
    if package is None or archive is None:
        print("No model of the group was approved yet.")
        return {
            "ModelDataUri": event["StandIn"],
            "ModelPackageArn": NONE,
            "ModelPackageVersion": NONE,
            "MetricsUri": NONE,
            "BaselineUri": event["StandIn"],
        }
    automl = package.get("CustomerMetadataProperties", {}).get("model") == AUTOML
    found = {
        "ModelDataUri": event["StandIn"] if automl else archive,
        "ModelPackageArn": package["ModelPackageArn"],
        "ModelPackageVersion": str(package["ModelPackageVersion"]),
        "MetricsUri": _metrics(package) or NONE,
        "BaselineUri": _baseline(package) or event["StandIn"],
    }
    too_long = [name for name, value in found.items() if len(value) > MAX_CHARACTERS]
    if too_long:
        raise ValueError(f"{', '.join(too_long)} of {package['ModelPackageArn']} exceed {MAX_CHARACTERS} characters.")
    print(f"The champion is version {found['ModelPackageVersion']}: {archive}")
    if automl:
        print("AutoML has made it, and it is not measured beside the candidate. Its own measures: MetricsUri.")
    return found


def _newest_approved(sagemaker: Any, group: str) -> dict[str, Any] | None:
    """Return the newest approved version; None also where there is no group yet, as before the first run's end."""
    try:
        listed = sagemaker.list_model_packages(
            ModelPackageGroupName=group,
            ModelApprovalStatus="Approved",
            SortBy="CreationTime",
            SortOrder="Descending",
            MaxResults=1,
        )["ModelPackageSummaryList"]
    except sagemaker.exceptions.ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    if not listed:
        return None
    package: dict[str, Any] = sagemaker.describe_model_package(ModelPackageName=listed[0]["ModelPackageArn"])
    return package


def _model_data(package: dict[str, Any]) -> str | None:
    containers = package.get("InferenceSpecification", {}).get("Containers", [])
    return next((container["ModelDataUrl"] for container in containers if container.get("ModelDataUrl")), None)


def _metrics(package: dict[str, Any]) -> str | None:
    statistics = package.get("ModelMetrics", {}).get("ModelQuality", {}).get("Statistics", {})
    uri: str | None = statistics.get("S3Uri")
    return uri


def _baseline(package: dict[str, Any]) -> str | None:
    """Return what drift is measured against; versions that were registered before there was one have none."""
    quality = package.get("DriftCheckBaselines", {}).get("ModelDataQuality", {})
    uri: str | None = quality.get("Statistics", {}).get("S3Uri")
    return uri
