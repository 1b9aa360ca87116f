"""What IAM is asked when an operation is called: actions, resources and condition keys.

Source: Service Authorization Reference, of SageMaker, CloudFormation and S3; S3 User Guide, 'Using SSE-KMS' and
'Multipart upload API and permissions', for what S3 asks of a bucket's key on behalf of whoever calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.iam import Call

Parameters = Mapping[str, Any]


def _model_package(asked: Parameters) -> str:
    return str(asked.get("ModelPackageArn") or asked["ModelPackageName"])


def _compilation(asked: Parameters) -> str:
    return f"compilation-job/{asked['CompilationJobName']}"


def _execution(asked: Parameters) -> str:
    return str(asked["PipelineExecutionArn"])


#: Operations with their resource after `arn:aws:sagemaker:REGION:ACCOUNT:`, whole, or `*`.
_SAGEMAKER: dict[str, Callable[[Parameters], str]] = {
    "AddTags": lambda asked: str(asked["ResourceArn"]),
    "DeleteEndpoint": lambda asked: f"endpoint/{asked['EndpointName']}",
    "DescribeEndpoint": lambda asked: f"endpoint/{asked['EndpointName']}",
    "DescribeEndpointConfig": lambda asked: f"endpoint-config/{asked['EndpointConfigName']}",
    "CreateModelPackage": lambda asked: f"model-package/{asked['ModelPackageGroupName']}/1",
    "CreateCompilationJob": _compilation,
    "DescribeCompilationJob": _compilation,
    "DescribeHyperParameterTuningJob": lambda asked: (
        f"hyper-parameter-tuning-job/{asked['HyperParameterTuningJobName']}"
    ),
    "DescribeModelPackage": _model_package,
    "DescribePipeline": lambda asked: f"pipeline/{asked['PipelineName']}",
    "DescribePipelineDefinitionForExecution": _execution,
    "DescribePipelineExecution": _execution,
    "DescribeProcessingJob": lambda asked: f"processing-job/{asked['ProcessingJobName']}",
    "DescribeTrainingJob": lambda asked: f"training-job/{asked['TrainingJobName']}",
    "InvokeEndpoint": lambda asked: f"endpoint/{asked['EndpointName']}",
    "ListEndpoints": lambda _: "*",
    "ListModelPackageGroups": lambda _: "*",
    "ListModelPackages": lambda asked: f"model-package/{asked['ModelPackageGroupName']}/*",
    "ListPipelineExecutions": lambda asked: f"pipeline/{asked['PipelineName']}",
    "ListPipelines": lambda _: "*",
    "SendPipelineExecutionStepFailure": lambda _: "*",
    "SendPipelineExecutionStepSuccess": lambda _: "*",
    "StopCompilationJob": _compilation,
    "ListPipelineExecutionSteps": _execution,
    "ListPipelineParametersForExecution": _execution,
    "ListTags": lambda asked: str(asked["ResourceArn"]),
    "ListTrainingJobsForHyperParameterTuningJob": lambda asked: (
        f"hyper-parameter-tuning-job/{asked['HyperParameterTuningJobName']}"
    ),
    "StartPipelineExecution": lambda asked: f"pipeline/{asked['PipelineName']}",
    "StopPipelineExecution": _execution,
    "UpdateEndpoint": lambda asked: f"endpoint/{asked['EndpointName']}",
    "UpdateModelPackage": _model_package,
}
#: Members of requests that conditions can look at.
_KEYS = {
    ("UpdateModelPackage", "ModelApprovalStatus"): "sagemaker:ModelApprovalStatus",
    ("UpdateStack", "ResourceTypes"): "cloudformation:ResourceTypes",
    ("UpdateStack", "RoleARN"): "cloudformation:RoleArn",
    ("UpdateStack", "TemplateURL"): "cloudformation:TemplateUrl",
    ("UpdateStack", "StackPolicyURL"): "cloudformation:StackPolicyUrl",
}
_S3 = {
    "HeadObject": ("s3:GetObject", None),
    "GetObject": ("s3:GetObject", "kms:Decrypt"),
    "PutObject": ("s3:PutObject", "kms:GenerateDataKey"),
    "CreateMultipartUpload": ("s3:PutObject", "kms:GenerateDataKey"),
    "UploadPart": ("s3:PutObject", "kms:Decrypt"),
    "CompleteMultipartUpload": ("s3:PutObject", "kms:Decrypt"),
}


@dataclass(frozen=True)
class Elsewhere:
    """Another account's bucket: whose it is, and the key that its objects are encrypted with, by ARN and alias."""

    account: str
    key: str
    alias: str


@dataclass(frozen=True)
class Account:
    """Where things are.

    Attributes:
        key_of: returns the ARN of the key that a bucket's objects are encrypted with.
        elsewhere: buckets that are not this account's.
        key_of_queue: returns the ARN of the key that a queue's messages are encrypted with, by its URL.
    """

    region: str
    number: str
    key_of: Callable[[str], str]
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)
    key_of_queue: Callable[[str], str] | None = None

    def asked(self, service: str, operation: str, given: Parameters, *, missing: bool = False) -> list[Call]:
        """Return what is asked for one call; ``missing`` where it asks for an object that is not there.

        Raises:
            KeyError: nobody has written down what the operation asks.
        """
        if service == "s3":
            return self._s3(operation, given, missing=missing)
        context = {key: given[member] for (of, member), key in _KEYS.items() if of == operation and member in given}
        context["aws:RequestedRegion"] = self.region
        if "Tags" in given:
            context["aws:TagKeys"] = [tag["Key"] for tag in given["Tags"]]
        if service in ("sagemaker", "sagemaker-runtime"):
            resource = _SAGEMAKER[operation](given)
            whole = resource if resource.startswith(("*", "arn:")) else self._arn("sagemaker", resource)
            return [Call(f"sagemaker:{operation}", whole, context), *_beside(given, whole, context)]
        if service == "sqs":
            return self._sqs(operation, str(given["QueueUrl"]))
        if service == "cloudformation":
            stack = str(given["StackName"])
            whole = stack if stack.startswith("arn:") else self._arn(service, f"stack/{stack}/0a1b2c3d")
            return [Call(f"cloudformation:{operation}", whole, context)]
        if (service, operation) == ("sts", "GetCallerIdentity"):
            return []  # nothing: also whoever is denied it may ask
        raise KeyError(f"say what {service}:{operation} asks")

    def _s3(self, operation: str, given: Parameters, *, missing: bool) -> list[Call]:
        bucket = f"arn:aws:s3:::{given['Bucket']}"
        if operation == "ListObjectsV2":
            return [Call("s3:ListBucket", bucket, {"s3:prefix": given.get("Prefix", "")})]
        if operation == "CopyObject":
            source = given["CopySource"]
            return [*self._s3("GetObject", source, missing=False), *self._s3("PutObject", given, missing=False)]
        action, of_key = _S3[operation]
        other = self.elsewhere.get(given["Bucket"])
        owner = {"s3:ResourceAccount": other.account if other is not None else self.number}
        found = [Call(action, f"{bucket}/{given['Key']}", owner)]
        if missing:
            # Only whoever may list hears that there is nothing; the request has no prefix.
            return [*found, Call("s3:ListBucket", bucket)]
        if of_key is not None:
            through = {"kms:ViaService": f"s3.{self.region}.amazonaws.com"}
            if other is not None:
                found.append(Call(of_key, other.key, {**through, "kms:ResourceAliases": [other.alias]}))
            else:
                found.append(Call(of_key, self.key_of(given["Bucket"]), through))
        return found

    def _sqs(self, operation: str, url: str) -> list[Call]:
        found = [Call(f"sqs:{operation}", self._arn("sqs", url.rpartition("/")[2]))]
        if self.key_of_queue is None:
            return found
        through = {"kms:ViaService": f"sqs.{self.region}.amazonaws.com"}
        key = self.key_of_queue(url)
        return [*found, *(Call(action, key, through) for action in ("kms:Decrypt", "kms:GenerateDataKey"))]

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.number}:{resource}"


def _beside(given: Parameters, resource: str, context: Mapping[str, Any]) -> list[Call]:
    """Return what SageMaker asks besides: of whoever gives tags, and hands over a role."""
    passed = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    return [
        *([Call("sagemaker:AddTags", resource, context)] if "Tags" in given else []),
        *([Call("iam:PassRole", str(given["RoleArn"]), passed)] if "RoleArn" in given else []),
    ]


def unused(granted: list[Any], calls: list[Call]) -> set[str]:
    """Return the actions that statements allow and none of the calls asked for."""
    allowed = {
        action
        for each in granted
        for action in (each["Action"] if isinstance(each["Action"], list) else [each["Action"]])
    }
    return allowed - {call.action for call in calls}
