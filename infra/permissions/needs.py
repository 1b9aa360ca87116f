"""Who needs each action that roles have: what the service or our code does with it, and where that is documented.

A test holds this against every role of the templates: an action that nobody here needs fails, and so does a need that
nothing is left of. ``infra.permission_table`` writes docs/permissions.md from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from infra.permissions.need import KEEP, RUN_FUNCTION, Need
from infra.permissions.needs_of_delivery import DELIVERY

_ROLES = "SageMaker Developer Guide, 'How to use SageMaker AI execution roles'"
_PIPELINES = "SageMaker Developer Guide, 'IAM access management' of pipelines"
_SSE_KMS = "S3 User Guide, 'Using server-side encryption with AWS KMS keys'"
_PARTS = "S3 User Guide, 'Multipart upload API and permissions'"


_IMAGE = Need(
    "SageMaker fetches the job's image",
    {"ecr": "BatchCheckLayerAvailability BatchGetImage GetAuthorizationToken GetDownloadUrlForLayer"},
    _ROLES,
)
_LOGS = Need(
    "SageMaker writes the container's log",
    {"logs": "CreateLogGroup CreateLogStream DescribeLogStreams PutLogEvents"},
    _ROLES,
)
_METRICS = Need("SageMaker writes the container's metrics", {"cloudwatch": "PutMetricData"}, _ROLES)
_NETWORK = Need(
    "SageMaker puts the container into the private network",
    {
        "ec2": "CreateNetworkInterface CreateNetworkInterfacePermission DeleteNetworkInterface "
        "DeleteNetworkInterfacePermission DescribeDhcpOptions DescribeNetworkInterfaces DescribeSecurityGroups "
        "DescribeSubnets DescribeVpcs"
    },
    _ROLES,
)
_READ = Need("reads objects and lists folders", {"s3": "GetObject ListBucket", "kms": "Decrypt"}, _ROLES)
_WRITE = Need(
    "writes objects, large ones in parts",
    {"s3": "AbortMultipartUpload PutObject", "kms": "Decrypt Encrypt GenerateDataKey"},
    f"{_PARTS}; {_SSE_KMS}",
)
_VOLUMES = Need("SageMaker encrypts the volumes", {"kms": "CreateGrant DescribeKey"}, _ROLES)
_CONTAINER = (_IMAGE, _LOGS, _METRICS, _NETWORK)

_FEED = Need(
    "Lambda feeds the function from its queue, encrypted",
    {"sqs": "DeleteMessage GetQueueAttributes ReceiveMessage", "kms": "Decrypt"},
    "Lambda Developer Guide, 'Using Lambda with Amazon SQS'",
)
_PUBLISH = Need(
    "EventBridge publishes to the encrypted topic",
    {"sns": "Publish", "kms": "Decrypt GenerateDataKey"},
    "SNS Developer Guide, 'Key management'",
)
_STARTED = {"sagemaker": "StartPipelineExecution", "s3": "ListBucket"}

#: By stack and the beginning of the role's logical id.
NEEDS: Mapping[tuple[str, str], tuple[Need, ...]] = {
    ("data", "TrailWriter"): (
        Need(
            "CloudTrail writes its log group",
            {"logs": "CreateLogStream PutLogEvents"},
            "CloudTrail User Guide, 'Role policy document for CloudTrail to use CloudWatch Logs'",
        ),
    ),
    ("network", "NetworkFlowLogsWriter"): (
        Need(
            "VPC writes its flow log",
            {"logs": "CreateLogStream DescribeLogStreams PutLogEvents"},
            "VPC User Guide, 'IAM role for publishing flow logs to CloudWatch Logs'",
        ),
    ),
    ("identity", "ProcessingRole"): (*_CONTAINER, _READ, _WRITE, _VOLUMES),
    ("identity", "TrainingRole"): (*_CONTAINER, _READ, _WRITE, _VOLUMES),
    ("identity", "EndpointRole"): (
        *_CONTAINER,
        _READ,
        _WRITE,
        _VOLUMES,
        Need(
            "an asynchronous endpoint tells of its answers",
            {"sns": "Publish", "kms": "Decrypt GenerateDataKey"},
            "SageMaker Developer Guide, 'Check prediction results' of asynchronous inference",
        ),
    ),
    ("identity", "AutoMLRole"): (
        *_CONTAINER,
        _READ,
        _WRITE,
        _VOLUMES,
        Need(
            "Autopilot makes and removes models and endpoints while it searches, with its own role",
            {
                "iam": "PassRole",
                "sagemaker": "CreateEndpoint CreateEndpointConfig CreateModel DeleteEndpoint DeleteEndpointConfig "
                "DeleteModel DescribeEndpoint DescribeEndpointConfig DescribeModel InvokeEndpoint ListTags",
            },
            f"{_ROLES}, 'CreateAutoMLJob'",
        ),
    ),
    ("identity", "CompilationRole"): (*_CONTAINER, _READ, _WRITE),
    ("identity", "PipelineRole"): (
        Need(
            "steps that start jobs: start, follow and stop them, with the job's role",
            {
                "iam": "PassRole",
                "sagemaker": "AddTags "
                + " ".join(
                    f"{verb}{job}Job"
                    for job in ("HyperParameterTuning", "Processing", "Training", "Transform")
                    for verb in ("Create", "Describe", "Stop")
                )
                + " ListTrainingJobsForHyperParameterTuningJob",
            },
            _PIPELINES,
        ),
        Need(
            "Register and CreateModel",
            {"sagemaker": "CreateModel CreateModelPackage DeleteModel DescribeModel DescribeModelPackage"},
            _PIPELINES,
        ),
        Need(
            "EndpointConfig and Endpoint",
            {
                "sagemaker": "CreateEndpoint CreateEndpointConfig DeleteEndpointConfig DescribeEndpoint "
                "DescribeEndpointConfig UpdateEndpoint"
            },
            _PIPELINES,
        ),
        Need(
            "AutoML steps, of problems with `model: auto`",
            {"iam": "PassRole", "sagemaker": "AddTags CreateAutoMLJob DescribeAutoMLJob StopAutoMLJob"},
            _PIPELINES,
        ),
        Need(
            "Callback steps send their question, encrypted",
            {"sqs": "SendMessage", "kms": "Decrypt GenerateDataKey"},
            "SageMaker Developer Guide, 'Callback step'; SQS Developer Guide, 'Key management'",
        ),
        Need("Lambda steps", {"lambda": "InvokeFunction"}, _PIPELINES),
        Need("conditions read property files", {"s3": "GetObject ListBucket", "kms": "Decrypt"}, _PIPELINES),
        _VOLUMES,
    ),
    ("identity", "NotebookRole"): (
        *_CONTAINER,
        _READ,
        _WRITE,
        _VOLUMES,
        Need(
            "a data scientist starts pipelines, follows them, and looks at what came of them",
            {
                "cloudformation": "DescribeStacks",
                "logs": "GetLogEvents",
                "sagemaker": "DescribeEndpoint DescribeHyperParameterTuningJob DescribeModelPackage "
                "DescribeModelPackageGroup DescribePipeline DescribePipelineDefinitionForExecution "
                "DescribePipelineExecution DescribeProcessingJob DescribeTrainingJob DescribeTransformJob "
                "InvokeEndpoint ListCandidatesForAutoMLJob ListEndpoints ListModelPackageGroups ListModelPackages "
                "ListPipelineExecutionSteps ListPipelineExecutions ListPipelineParametersForExecution ListPipelines "
                "ListTrainingJobsForHyperParameterTuningJob RetryPipelineExecution Search StartPipelineExecution "
                "StopPipelineExecution",
            },
            "`cli/deployed.py`; `infra/permissions/scientist.py`",
        ),
        Need(
            "a notebook that nobody uses stops itself",
            {"sagemaker": "StopNotebookInstance"},
            "`docs/stacks/workbench.md`",
        ),
    ),
    ("pipelines", "FailuresPublisher"): (_PUBLISH,),
    ("pipelines", "FindChampionRole"): (
        RUN_FUNCTION,
        Need(
            "finds the approved model",
            {"sagemaker": "DescribeModelPackage ListModelPackages"},
            "`infra/functions/find_champion.py`",
        ),
    ),
    ("pipelines", "SmokeTestRole"): (
        RUN_FUNCTION,
        Need(
            "compares an endpoint with its archive, and takes it back, or away, where it predicts otherwise",
            {
                "kms": "Decrypt",
                "s3": "GetObject",
                "sagemaker": "AddTags DeleteEndpoint DescribeEndpoint DescribeEndpointConfig InvokeEndpoint ListTags "
                "UpdateEndpoint",
            },
            "`infra/functions/smoke_test.py`",
        ),
    ),
    ("pipelines", "CompileStartRole"): (
        RUN_FUNCTION,
        _FEED,
        Need(
            "submits and stops compilations, with their role, and has them looked at",
            {
                "iam": "PassRole",
                "sagemaker": "AddTags CreateCompilationJob SendPipelineExecutionStepFailure StopCompilationJob",
                "sqs": "SendMessage",
                "kms": "Decrypt GenerateDataKey",
            },
            "`infra/functions/compile_start.py`",
        ),
        KEEP,
    ),
    ("pipelines", "CompileFollowRole"): (
        RUN_FUNCTION,
        _FEED,
        Need(
            "looks at compilations, answers their steps, and has the others looked at again",
            {
                "sagemaker": "DescribeCompilationJob ListTags SendPipelineExecutionStepFailure "
                "SendPipelineExecutionStepSuccess",
                "sqs": "SendMessage",
                "kms": "Decrypt GenerateDataKey",
            },
            "`infra/functions/compile_follow.py`",
        ),
        KEEP,
    ),
    ("pipelines", "StartPipelineRole"): (
        RUN_FUNCTION,
        Need("starts pipelines on what lies in a folder", _STARTED, "`infra/functions/start_pipeline.py`"),
        KEEP,
    ),
    ("pipelines", "SchedulesRole"): (
        Need(
            "EventBridge Scheduler invokes the function",
            {"lambda": "InvokeFunction"},
            "EventBridge Scheduler User Guide, 'Set up the execution role'",
        ),
        KEEP,
    ),
    ("approvals", "DeployApprovedRole"): (
        RUN_FUNCTION,
        Need(
            "brings a serving stack to the version approved last, and back",
            {
                "cloudformation": "DescribeStackEvents DescribeStacks UpdateStack",
                "sagemaker": "DescribeModelPackage ListModelPackages UpdateModelPackage",
            },
            "`infra/functions/deploy_approved.py`",
        ),
        KEEP,
    ),
    ("monitoring", "AlarmsPublisher"): (_PUBLISH,),
    ("monitoring", "FindCapturedRole"): (
        RUN_FUNCTION,
        Need(
            "lists what was captured, and writes the list",
            {"s3": "ListBucket PutObject", "kms": "GenerateDataKey"},
            "`infra/functions/find_captured.py`",
        ),
    ),
    ("monitoring", "RetrainRole"): (
        RUN_FUNCTION,
        Need("starts pipelines on what lies in a folder", _STARTED, "`infra/functions/start_pipeline.py`"),
        KEEP,
    ),
    ("monitoring", "Drift"): (
        Need(
            "EventBridge Scheduler starts the drift pipeline",
            {"sagemaker": "StartPipelineExecution"},
            "EventBridge Scheduler User Guide, 'Set up the execution role'",
        ),
        KEEP,
    ),
    **DELIVERY,
}


def needs(stack: str, role: str) -> tuple[Need, ...]:
    """Return what a role is needed for, by its stack's short name and its logical id.

    Raises:
        KeyError: nobody has written down who needs the role.
    """
    found = [each for (where, start), each in NEEDS.items() if where == stack and role.startswith(start)]
    if len(found) != 1:
        raise KeyError(f"{stack}: {role}: say in infra/permissions/needs.py who needs this role, and for what.")
    return found[0]
