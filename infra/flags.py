"""The CDK's feature flags: here, and not in cdk.json, so that templates are the same whichever way they are made."""

FLAGS: dict[str, object] = {
    # Where a resource was made in the code: paths of this machine, and a folder that is another at every synth.
    "aws:cdk:disable-creation-stack-traces": True,
    # Log delivery is admitted by the bucket's policy; access control lists stay off.
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    # A role or function whose policy cannot be read is an error, not a warning.
    "@aws-cdk/aws-iam:minimizePolicies": True,
    # Partitions (China, GovCloud) are right everywhere.
    "@aws-cdk/core:enablePartitionLiterals": True,
    # Names of exports and security group rules do not depend on the order of construction.
    "@aws-cdk/core:checkSecretUsage": True,
    # A stack that others use cannot be deleted before them. What may be left out again is exported in any case.
    "@aws-cdk/core:defaultCrossStackReferences": "strong",
    "@aws-cdk/core:target-partitions": ["aws", "aws-cn", "aws-us-gov"],
}
