"""Log groups that SageMaker writes to, made before it makes them: with a key and a retention."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.domain_key import DomainKey


class JobLogs(Construct):
    """The log groups of some kinds of job, such as ``TrainingJobs``.

    Their names are the service's, one for the account and region, so they hold the logs of others as well: they are
    kept when the stack goes.
    """

    def __init__(
        self, scope: Construct, id_: str, *, kinds: Sequence[str], key: DomainKey, retention: logs.RetentionDays
    ) -> None:
        super().__init__(scope, id_)
        for kind in sorted(kinds):
            logs.LogGroup(
                self,
                kind,
                encryption_key=key.key,
                log_group_name=f"/aws/sagemaker/{kind}",
                removal_policy=cdk.RemovalPolicy.RETAIN,
                retention=retention,
            )
