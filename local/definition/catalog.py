"""The step types that SageMaker has: what each one sends, what the service fills in, and what can be read from it.

Source: the step classes of the SageMaker Python SDK v3 (`sagemaker.mlops.workflow`), read in version 3.27.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Output = tuple[str, str]
"""A service and the operation whose response describes a finished step."""


@dataclass(frozen=True)
class Part:
    """A member of Arguments that is a request of its own: the operation or shape it must fit."""

    service: str
    shape: str
    filled: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True)
class StepKind:
    """One step type.

    `operation` takes the Arguments as its request, except for the members in `filled`, which the service provides;
    `parts` stands in for it where Arguments hold several requests. `outputs` describe the finished step and
    `properties` are readable besides; `settings` stand beside Arguments, True where they are required.
    """

    operation: str | None = None
    filled: tuple[str, ...] = ()
    parts: dict[str, Part] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()
    properties: tuple[str, ...] = ()
    settings: dict[str, bool] = field(default_factory=dict)


def _job(operation: str, filled: str, *describes: str, properties: tuple[str, ...] = ()) -> StepKind:
    return StepKind(
        operation, (filled,), outputs=tuple(("sagemaker", each) for each in describes), properties=properties
    )


_BASELINES = (
    "CalculatedBaselineConstraints",
    "CalculatedBaselineStatistics",
    "BaselineUsedForDriftCheckConstraints",
    "BaselineUsedForDriftCheckStatistics",
)
_CHECK = {
    "CheckType": True,
    "FailOnViolation": False,
    "ModelName": False,
    "ModelPackageGroupName": False,
    "RegisterNewBaseline": False,
    "SkipCheck": False,
    "SuppliedBaselineConstraints": False,
    "SuppliedBaselineStatistics": False,
}
_CHECK_STEP = StepKind(
    "CreateProcessingJob",
    ("ProcessingJobName",),
    outputs=(("sagemaker", "DescribeProcessingJob"),),
    properties=_BASELINES,
    settings=_CHECK,
)

STEP_KINDS: dict[str, StepKind] = {
    "AutoML": _job("CreateAutoMLJob", "AutoMLJobName", "DescribeAutoMLJob", properties=("BestCandidateProperties",)),
    "Callback": StepKind(properties=("OutputParameters",), settings={"SqsQueueUrl": True, "OutputParameters": False}),
    "ClarifyCheck": _CHECK_STEP,
    "Cleanup": StepKind(),
    "Condition": StepKind(properties=("Outcome",)),
    "EMR": StepKind(
        parts={
            "StepConfig": Part("emr", "StepConfig", ("Name", "ActionOnFailure")),
            "ClusterConfig": Part("emr", "RunJobFlowInput", ("Name",)),
        },
        plain=("ClusterId", "ExecutionRoleArn"),
        outputs=(("emr", "DescribeStep"),),
        properties=("ClusterId", "ClusterConfig", "ExecutionRoleArn"),
    ),
    "EMRServerless": StepKind(
        parts={
            "JobConfig": Part("emr-serverless", "StartJobRunRequest", ("applicationId", "clientToken")),
            "ApplicationConfig": Part("emr-serverless", "CreateApplicationRequest", ("clientToken",)),
        },
        plain=("ApplicationId", "ExecutionRoleArn"),
        outputs=(("emr-serverless", "GetJobRun"),),
    ),
    "Endpoint": _job("CreateEndpoint", "EndpointName", "DescribeEndpoint"),
    "EndpointConfig": _job("CreateEndpointConfig", "EndpointConfigName", "DescribeEndpointConfig"),
    "Fail": StepKind(properties=("ErrorMessage",)),
    "ForEach": StepKind(
        properties=(
            "FailedStepCount",
            "InputItemCount",
            "IterationOutputs",
            "Selected",
            "Status",
            "StoppedStepCount",
            "SucceededStepCount",
            "TotalStepCount",
        )
    ),
    "InferenceComponent": _job("CreateInferenceComponent", "InferenceComponentName", "DescribeInferenceComponent"),
    "Job": _job("CreateJob", "JobName", "DescribeJob"),
    "Lambda": StepKind(properties=("OutputParameters",), settings={"FunctionArn": True, "OutputParameters": False}),
    "Lineage": StepKind(
        parts={
            "Actions": Part("sagemaker", "CreateActionRequest", many=True),
            "Artifacts": Part("sagemaker", "CreateArtifactRequest", many=True),
            "Contexts": Part("sagemaker", "CreateContextRequest", many=True),
        },
        plain=("Associations",),
        properties=("ActionArns", "ArtifactArns", "Associations", "ContextArns"),
    ),
    "Model": _job("CreateModel", "ModelName", "DescribeModel"),
    "Processing": _job("CreateProcessingJob", "ProcessingJobName", "DescribeProcessingJob"),
    "QualityCheck": _CHECK_STEP,
    "RegisterModel": StepKind("CreateModelPackage", outputs=(("sagemaker", "DescribeModelPackage"),)),
    "Training": _job("CreateTrainingJob", "TrainingJobName", "DescribeTrainingJob"),
    "Transform": _job("CreateTransformJob", "TransformJobName", "DescribeTransformJob"),
    "Tuning": _job(
        "CreateHyperParameterTuningJob",
        "HyperParameterTuningJobName",
        "DescribeHyperParameterTuningJob",
        "ListTrainingJobsForHyperParameterTuningJob",
    ),
}

PROPERTY_FILE_TYPES = ("Processing", "QualityCheck", "ClarifyCheck")
"""Step types whose processing outputs can hold property files."""
