"""Two accounts' model registries, each a moto of its own, seen from one of them as SageMaker shows both."""

from __future__ import annotations

from typing import Any

from tests.support.moto.server import Server

KEY = "sageline-breast-cancer/0123456789ab"
FILES = {
    f"{KEY}/Train/job/output/model.tar.gz": b"model",
    f"{KEY}/Evaluate/evaluation/evaluation.json": b"evaluation",
    f"{KEY}/Prepare/profile/baseline.json": b"baseline",
}


class Across:
    """A SageMaker client of an account that may describe another's versions as well: each by the account in its ARN."""

    def __init__(self, own: Any, other: Server) -> None:
        self._own, self._other = own, other

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def describe_model_package(self, *, ModelPackageName: str) -> Any:  # noqa: N803 - boto3's own spelling
        """Describe a version."""
        own = self._own.describe_model_package
        try:
            found = own(ModelPackageName=ModelPackageName)
        except self._own.exceptions.ClientError:
            # Asked of the own account first, so that a recorder sees every call that the code makes.
            found = self._other.client("sagemaker").describe_model_package(ModelPackageName=ModelPackageName)
        return found


def approved(server: Server, bucket: str, group: str = "sageline-breast-cancer", image: str = "image") -> str:
    """Register and approve a version in an account, as a pipeline and a person do; return its ARN."""
    sagemaker = server.client("sagemaker")
    if group not in str(sagemaker.list_model_package_groups()):
        sagemaker.create_model_package_group(ModelPackageGroupName=group)
    model, evaluation, baseline = (f"s3://{bucket}/{key}" for key in FILES)
    arn: str = sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelPackageDescription="Tells one thing from another.",
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [{"Image": image, "ModelDataUrl": model}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        ModelMetrics={"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": evaluation}}},
        DriftCheckBaselines={
            "ModelDataQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": baseline}}
        },
        CustomerMetadataProperties={"problem": "breast_cancer", "sageline:approved": "2026-01-01T00:00:00Z"},
    )["ModelPackageArn"]
    return arn


def event(arn: str, group: str = "sageline-breast-cancer") -> dict[str, Any]:
    """Return what EventBridge tells of a version that was approved."""
    return {
        "source": "aws.sagemaker",
        "account": arn.split(":")[4],
        "time": "2026-01-01T00:00:00Z",
        "detail": {"ModelPackageArn": arn, "ModelPackageGroupName": group, "ModelApprovalStatus": "Approved"},
    }
