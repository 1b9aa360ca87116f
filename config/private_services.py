"""The AWS services that can be reached from the private network, each through an interface endpoint of its own.

S3 is not among them: it has a gateway endpoint, which costs nothing. Neither is what services do for themselves: they
pull images, write functions' and jobs' logs, decrypt with keys and poll queues from their own networks.
"""

from __future__ import annotations

SERVICES: dict[str, str] = {
    "sagemaker.api": "functions and notebooks: pipelines, jobs, the model registry",
    "sagemaker.runtime": "functions and notebooks: rows to endpoints",
    "sqs": "functions: when to look at a compilation job again",
    "sts": "notebooks: whose credentials they have, which the SageMaker SDK asks",
    "logs": "notebooks: the logs of jobs",
    "cloudformation": "functions: deployments of approved models",
    "athena": "notebooks: queries of captured data (with `data.catalog`)",
    "codecommit": "notebooks: repositories in CodeCommit",
    "codepipeline": "functions: deployments by CodePipeline",
    "ecr.api": "notebooks: images of your own, looked up and pushed",
    "ecr.dkr": "notebooks: the layers of images of your own",
    "events": "functions: events of your own",
    "git-codecommit": "notebooks: git with repositories in CodeCommit",
    "glue": "notebooks: tables of captured data (with `data.catalog`)",
    "kms": "notebooks: keys used directly, which Sageline's keys do not allow",
    "lambda": "notebooks: functions, invoked by hand",
    "monitoring": "functions and notebooks: CloudWatch's metrics",
    "secretsmanager": "notebooks: credentials of Git repositories",
    "sns": "functions: messages of your own",
    "ssm": "functions and notebooks: parameters",
}
"""Services by the end of their endpoint's name, with who calls them."""

DEFAULT = ("sagemaker.api", "sagemaker.runtime", "sqs", "sts", "logs", "cloudformation")
"""What Sageline's own functions and notebooks call."""
