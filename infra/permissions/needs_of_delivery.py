"""Who needs what the roles may do that deliver changes, and models."""

from __future__ import annotations

from collections.abc import Mapping

from infra.permissions.need import KEEP, RUN_FUNCTION, Need

_DEPLOY = Need(
    "`make deploy`: takes on the roles of `cdk bootstrap`",
    {"sts": "AssumeRole"},
    "CDK Developer Guide, 'Bootstrapping'",
)
_TRY = (
    Need("`make try`: finds the buckets", {"cloudformation": "DescribeStacks"}, "`cli/deployed.py`"),
    Need(
        "`make try`: brings the data, large files in parts",
        {"s3": "GetObject ListBucket PutObject", "kms": "Decrypt GenerateDataKey"},
        "`cli/inputs.py`; S3 User Guide, 'Multipart upload API and permissions'",
    ),
    Need(
        "`make try`: runs the pipeline, follows it, stops it when interrupted",
        {
            "sagemaker": "DescribePipeline DescribePipelineDefinitionForExecution DescribePipelineExecution "
            "ListPipelineExecutionSteps ListPipelineParametersForExecution StartPipelineExecution "
            "StopPipelineExecution"
        },
        "`cli/commands/run.py`, `cli/follow.py`",
    ),
    Need(
        "`make try`: writes the report",
        {
            "kms": "Decrypt",
            "s3": "GetObject ListBucket",
            "sagemaker": "DescribeHyperParameterTuningJob DescribeModelPackage DescribeProcessingJob "
            "DescribeTrainingJob ListCandidatesForAutoMLJob ListTrainingJobsForHyperParameterTuningJob",
        },
        "`cli/report`, `cli/service_record.py`",
    ),
    Need(
        "`make try`: finds the registered model that training goes on from",
        {"sagemaker": "DescribeModelPackage ListModelPackages"},
        "`cli/earlier.py`",
    ),
    Need(
        "`make try`: asks the candidate's endpoint",
        {"sagemaker": "InvokeEndpoint ListEndpoints"},
        "`cli/commands/invoke.py`",
    ),
)
_BUILD = Need(
    "CodeBuild fetches the sources and writes its log",
    {"kms": "Decrypt", "logs": "CreateLogStream PutLogEvents", "s3": "GetObject GetObjectVersion"},
    "CodeBuild User Guide, 'Allow CodeBuild to interact with other AWS services'",
)

#: By stack and the beginning of the role's logical id.
DELIVERY: Mapping[tuple[str, str], tuple[Need, ...]] = {
    ("delivery", "GitHubRole"): (_DEPLOY, *_TRY),
    ("delivery", "CheckRunsRole"): (_BUILD,),
    ("delivery", "DeployRunsRole"): (_BUILD, _DEPLOY),
    ("delivery", "TryRunsRole"): (_BUILD, *_TRY),
    ("delivery", "PushesRunsRole"): (
        Need(
            "CodePipeline fetches each push by the connection, keeps it encrypted, and runs the projects",
            {
                "codebuild": "BatchGetBuilds StartBuild StopBuild",
                "codeconnections": "UseConnection",
                "kms": "Decrypt Encrypt GenerateDataKey",
                "s3": "GetBucketAcl GetBucketLocation GetBucketVersioning GetObject GetObjectVersion PutObject "
                "PutObjectAcl",
            },
            "CodePipeline User Guide, 'Manage the CodePipeline service role'",
        ),
    ),
    ("promotion", "ForwardRole"): (
        Need(
            "EventBridge tells other accounts of approved versions",
            {"events": "PutEvents"},
            "EventBridge User Guide, 'Sending and receiving events between AWS accounts'",
        ),
    ),
    ("promotion", "PromoteRole"): (
        RUN_FUNCTION,
        Need(
            "registers what another account has approved, with copies of its files",
            {
                "kms": "Decrypt GenerateDataKey",
                "s3": "GetObject PutObject",
                "sagemaker": "CreateModelPackage DescribeModelPackage ListModelPackages",
            },
            "`infra/functions/promote.py`",
        ),
        KEEP,
    ),
}
