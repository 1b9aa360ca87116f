"""Data: the keys and buckets of an environment, and the trail of who reads them. All of it is kept on destroy."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from config.environment import Environment
from infra import names
from infra.compliance.acknowledge import acknowledge
from infra.constructs.domain_key import DomainKey
from infra.constructs.messages import admit_messages
from infra.constructs.object_trail import ObjectTrail, admit_log_groups
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.promoted_files import admit_readers
from infra.constructs.retention import retention
from infra.stacks.environment_stack import EnvironmentStack


class DataStack(EnvironmentStack):
    """Three keys, one for each domain, and the buckets that they encrypt.

    ========== =============================== ==========================
    key        encrypts                        buckets
    ========== =============================== ==========================
    data       what customers' rows are in     raw data, captured data
    artifacts  what pipelines make of it       artifacts; jobs' volumes
    operations what is written down about both audit; log groups, topics, queues
    ========== =============================== ==========================
    """

    def __init__(self, scope: Construct, id_: str, *, environment: Environment) -> None:
        super().__init__(
            scope,
            id_,
            environment=environment,
            description="keys, buckets and the trail of their objects. Everything here outlives the stack.",
        )
        settings = environment.data
        self.data_key = self._key(environment, "data", ("s3", "glue", "athena"))
        self.artifact_key = self._key(environment, "artifacts", ("s3", "sagemaker", "ec2"), volumes=True)
        self.operations_key = self._key(environment, "operations", ("s3", "logs", "sns", "sqs", "lambda"))
        admit_log_groups(self.operations_key, self)
        admit_messages(self.operations_key, self)

        self.access_logs = PrivateBucket(
            self,
            "AccessLogs",
            key=None,
            access_logs=None,
            noncurrent_days=settings.noncurrent_days,
            expire_days=settings.log_days,
        ).bucket
        for rule, reason in _ACCESS_LOG_FINDINGS.items():
            acknowledge(self.access_logs, rule, reason)
        self.raw = self._bucket(environment, "Raw", self.data_key, events=True)
        self.artifacts = self._bucket(environment, "Artifacts", self.artifact_key)
        self.captured = self._bucket(environment, "Captured", self.data_key, expire_days=settings.captured_days)
        self.trail = self._trail(environment) if settings.trail else None
        if settings.catalog:
            self._catalog(environment)
        if environment.promotion is not None and environment.promotion.to:
            admit_readers(self.artifacts, self.artifact_key, environment.promotion.to)
        self._outputs()
        self._exports()

    def _exports(self) -> None:
        """Export what others use only where a setting says so, in any case.

        Whoever turns such a setting off deploys this stack before the one that still imports it, and CloudFormation
        refuses to drop an export that is imported.
        """
        names = [self.access_logs.bucket_name, self.captured.bucket_name]
        names += [each.key.key_id for each in (self.data_key, self.artifact_key, self.operations_key)]
        for each in [*names, *([self.trail.log_group.log_group_name] if self.trail is not None else [])]:
            self.export_value(each)

    def _key(
        self, environment: Environment, domain: str, through: tuple[str, ...], *, volumes: bool = False
    ) -> DomainKey:
        return DomainKey(
            self,
            f"{domain.capitalize()}Key",
            alias=names.alias(environment.name, domain),
            description=f"Sageline {environment.name}: {domain}",
            through=through,
            volumes=volumes,
            deletion_days=environment.data.key_deletion_days,
        )

    def _bucket(
        self,
        environment: Environment,
        id_: str,
        key: DomainKey,
        *,
        expire_days: int | None = None,
        events: bool = False,
    ) -> s3.Bucket:
        return PrivateBucket(
            self,
            id_,
            key=key.key,
            access_logs=self.access_logs,
            noncurrent_days=environment.data.noncurrent_days,
            expire_days=expire_days,
            events=events,
        ).bucket

    def _trail(self, environment: Environment) -> ObjectTrail:
        audit = self._bucket(environment, "Audit", self.operations_key, expire_days=environment.data.log_days)
        return ObjectTrail(
            self,
            "Trail",
            name=names.stack_name(environment.name, "objects"),
            watched=[self.raw, self.artifacts, self.captured],
            destination=audit,
            key=self.operations_key,
            retention=retention(environment.data.log_days),
        )

    def _catalog(self, environment: Environment) -> None:
        glue.CfnDatabase(
            self,
            "Catalog",
            catalog_id=self.account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(
                name=f"{names.PREFIX}_{environment.name.replace('-', '_')}",
                description="Requests and answers that endpoints captured",
                location_uri=self.captured.s3_url_for_object(),
            ),
        )

    def _outputs(self) -> None:
        """Say what the command line asks for when it runs pipelines here."""
        for name, value in {
            "ArtifactBucketName": self.artifacts.bucket_name,
            "ArtifactKeyArn": self.artifact_key.key.key_arn,
            "CapturedBucketName": self.captured.bucket_name,
            "DataBucketName": self.raw.bucket_name,
            "DataKeyArn": self.data_key.key.key_arn,
        }.items():
            cdk.CfnOutput(self, name, value=value)


_NO_LOGS_OF_LOGS = "Access logs of the bucket that holds access logs would write about themselves without end."
_ACCESS_LOG_FINDINGS = {
    "AwsSolutions-S1": _NO_LOGS_OF_LOGS,
    "S3BucketLoggingEnabled": _NO_LOGS_OF_LOGS,
    "CKV_AWS_18": _NO_LOGS_OF_LOGS,
    "S3DefaultEncryptionKMS": "S3 delivers access logs only to buckets that its own key encrypts (SSE-S3).",
}
