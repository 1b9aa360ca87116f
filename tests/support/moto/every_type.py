"""A template with a resource of every type that the support makes, in two states: as made, and as changed."""

from __future__ import annotations

from typing import Any

# What a function's code may be here: a zip without files. Nothing runs it.
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}


def template(bucket: str, *, changed: bool = False) -> dict[str, Any]:
    """Return the template; code of functions lies in a bucket, under ``code.zip``."""
    tags = [{"Key": "state", "Value": "changed" if changed else "made"}]
    resources = _foundation(tags, changed) | _network(tags, changed) | _functions(tags, changed, bucket)
    resources |= _messages(tags, changed) | _sagemaker(tags, changed) | _watching(tags, changed)
    return {"Resources": resources}


def _get(name: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _policy(action: str, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"} | more
    return {"Version": "2012-10-17", "Statement": [statement]}


def _resource(type_: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{type_}", "Properties": properties}


def _foundation(tags: list[Any], changed: bool) -> dict[str, Any]:
    days = 14 if changed else 7
    anybody = {"Principal": {"AWS": "*"}}
    return {
        "Key": _resource(
            "KMS::Key", KeyPolicy=_policy("kms:*", **anybody), Description=f"{days}", EnableKeyRotation=True, Tags=tags
        ),
        "Alias": _resource("KMS::Alias", AliasName="alias/every", TargetKeyId=_get("OtherKey" if changed else "Key")),
        "OtherKey": _resource("KMS::Key", KeyPolicy=_policy("kms:*", **anybody), PendingWindowInDays=days),
        "Bucket": _resource(
            "S3::Bucket",
            BucketEncryption={
                "ServerSideEncryptionConfiguration": [
                    {
                        "BucketKeyEnabled": True,
                        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": _get("Key")},
                    }
                ]
            },
            LifecycleConfiguration={"Rules": [{"Id": "days", "Status": "Enabled", "ExpirationInDays": days}]},
            VersioningConfiguration={"Status": "Enabled"},
            Tags=tags,
        ),
        "BucketPolicy": _resource(
            "S3::BucketPolicy",
            Bucket=_ref("Bucket"),
            PolicyDocument=_policy("s3:GetObject" if changed else "s3:PutObject", **anybody),
        ),
        "Group": _resource("Logs::LogGroup", RetentionInDays=days, KmsKeyId=_get("Key"), Tags=tags),
        "Refusals": _resource(
            "Logs::MetricFilter",
            LogGroupName=_ref("Group"),
            FilterPattern="{ $.errorCode = * }",
            MetricTransformations=[{"MetricName": "Refused", "MetricNamespace": "Ours", "MetricValue": str(days)}],
        ),
        "Trail": _resource(
            "CloudTrail::Trail",
            S3BucketName=_ref("Bucket"),
            IsLogging=not changed,
            EventSelectors=[{"IncludeManagementEvents": changed, "ReadWriteType": "All"}],
            Tags=tags,
        ),
        "Role": _resource(
            "IAM::Role",
            AssumeRolePolicyDocument=_TRUST,
            Description=f"{days}",
            ManagedPolicyArns=[] if changed else [_ref("ManagedPolicy")],
            Tags=tags,
        ),
        "ManagedPolicy": _resource(
            "IAM::ManagedPolicy", PolicyDocument=_policy(f"s3:Get{'' if changed else 'Object'}*")
        ),
        "Policy": _resource(
            "IAM::Policy",
            PolicyName="inline",
            PolicyDocument=_policy(f"s3:Put{'' if changed else 'Object'}*"),
            Roles=[_ref("Role")],
        ),
        "Provider": _resource(
            "IAM::OIDCProvider",
            Url="https://token.actions.example.com",
            ClientIdList=["sts.amazonaws.com"],
            ThumbprintList=["f" * 40],
        ),
        "Repository": _resource("ECR::Repository", ImageTagMutability="IMMUTABLE"),
        "Parameter": _resource("SSM::Parameter", Type="String", Value=f"{days}"),
        "Database": _resource(
            "Glue::Database",
            CatalogId=_ref("AWS::AccountId"),
            DatabaseInput={"Name": "every", "Description": f"{days}"},
        ),
        "Budget": _resource(
            "Budgets::Budget",
            Budget={"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": days, "Unit": "USD"}},
        ),
    }


def _network(tags: list[Any], changed: bool) -> dict[str, Any]:
    network = _ref("Network")
    port = 8443 if changed else 443
    return {
        "Network": _resource(
            "EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsSupport=True, EnableDnsHostnames=not changed, Tags=tags
        ),
        "Subnet": _resource(
            "EC2::Subnet",
            VpcId=network,
            CidrBlock="10.0.0.0/24",
            AvailabilityZone={"Fn::Select": [0, {"Fn::GetAZs": ""}]},
            MapPublicIpOnLaunch=False,
            Tags=tags,
        ),
        "Table": _resource("EC2::RouteTable", VpcId=network, Tags=tags),
        "TableOfSubnet": _resource(
            "EC2::SubnetRouteTableAssociation", RouteTableId=_ref("Table"), SubnetId=_ref("Subnet")
        ),
        "Inside": _resource(
            "EC2::SecurityGroup",
            GroupDescription="inside",
            VpcId=network,
            SecurityGroupEgress=[
                {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/16", "Description": "out"}
            ],
            Tags=tags,
        ),
        "Into": _resource(
            "EC2::SecurityGroupIngress",
            GroupId=_get("Inside", "GroupId"),
            IpProtocol="tcp",
            FromPort=port,
            ToPort=port,
            SourceSecurityGroupId=_get("Inside", "GroupId"),
        ),
        "OutOf": _resource(
            "EC2::SecurityGroupEgress",
            GroupId=_get("Inside", "GroupId"),
            IpProtocol="tcp",
            FromPort=port,
            ToPort=port,
            DestinationSecurityGroupId=_get("Inside", "GroupId"),
        ),
        "Door": _resource(
            "EC2::VPCEndpoint",
            VpcId=network,
            ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"},
            VpcEndpointType="Gateway",
            RouteTableIds=[_ref("Table")],
            PolicyDocument=_policy("s3:*" if changed else "s3:GetObject", Principal="*"),
        ),
        "Flow": _resource(
            "EC2::FlowLog",
            ResourceId=network,
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="cloud-watch-logs",
            LogGroupName=_ref("Group"),
            DeliverLogsPermissionArn=_get("Role"),
            Tags=tags,
        ),
    }


def _functions(tags: list[Any], changed: bool, bucket: str) -> dict[str, Any]:
    return {
        "Function": _resource(
            "Lambda::Function",
            Architectures=["arm64"],
            Code={"S3Bucket": bucket, "S3Key": "code.zip"},
            Environment={"Variables": {"STATE": f"{changed}"}},
            Handler="module.handler",
            MemorySize="256" if changed else "128",
            ReservedConcurrentExecutions=2 if changed else 1,
            Role=_get("Role"),
            Runtime="python3.13",
            Tags=tags,
        ),
        "Permission": _resource(
            "Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName=_get("Function"),
            Principal="events.amazonaws.com",
            SourceArn=_get("Rule"),
        ),
        "Failures": _resource(
            "Lambda::EventInvokeConfig",
            FunctionName=_ref("Function"),
            Qualifier="$LATEST",
            MaximumRetryAttempts=1 if changed else 0,
        ),
        "Feed": _resource(
            "Lambda::EventSourceMapping",
            FunctionName=_ref("Function"),
            EventSourceArn=_get("Queue"),
            BatchSize=2 if changed else 1,
        ),
    }


def _messages(tags: list[Any], changed: bool) -> dict[str, Any]:
    seconds = 60 if changed else 30
    return {
        "Queue": _resource("SQS::Queue", KmsMasterKeyId=_ref("Key"), VisibilityTimeout=seconds, Tags=tags),
        "QueuePolicy": _resource(
            "SQS::QueuePolicy",
            Queues=[_ref("Queue")],
            PolicyDocument=_policy("sqs:SendMessage", Principal={"AWS": "*"}, Sid=f"S{seconds}"),
        ),
        "Topic": _resource("SNS::Topic", DisplayName=f"{seconds}", KmsMasterKeyId=_ref("Key"), Tags=tags),
        "TopicPolicy": _resource(
            "SNS::TopicPolicy",
            Topics=[_ref("Topic")],
            PolicyDocument=_policy("sns:Publish", Principal={"AWS": "*"}, Sid=f"S{seconds}"),
        ),
        "Subscription": _resource(
            "SNS::Subscription",
            TopicArn=_ref("Topic"),
            Protocol="sqs",
            Endpoint=_get("Queue"),
            RawMessageDelivery=changed,
        ),
        "Rule": _resource(
            "Events::Rule",
            EventPattern={"source": ["aws.sagemaker"]},
            State="DISABLED" if changed else "ENABLED",
            Targets=[{"Id": "new" if changed else "old", "Arn": _get("Queue")}],
        ),
        "Schedules": _resource("Scheduler::ScheduleGroup", Name="every", Tags=tags),
        "Schedule": _resource(
            "Scheduler::Schedule",
            GroupName=_ref("Schedules"),
            FlexibleTimeWindow={"Mode": "OFF"},
            ScheduleExpression=f"rate({seconds} minutes)",
            Target={"Arn": _get("Queue"), "RoleArn": _get("Role")},
        ),
    }


def _sagemaker(tags: list[Any], changed: bool) -> dict[str, Any]:
    count = 2 if changed else 1
    variant = {"VariantName": "all", "InitialVariantWeight": 1, "InstanceType": "ml.m5.large"}
    return {
        "Packages": _resource("SageMaker::ModelPackageGroup", ModelPackageGroupName="every", Tags=tags),
        "Pipeline": _resource(
            "SageMaker::Pipeline",
            PipelineName="every",
            PipelineDefinition={"PipelineDefinitionBody": f'{{"Version": "2020-12-01", "Steps": [], "N": {count}}}'},
            ParallelismConfiguration={"MaxParallelExecutionSteps": count},
            RoleArn=_get("Role"),
            Tags=tags,
        ),
        "Model": _resource(
            "SageMaker::Model",
            EnableNetworkIsolation=True,
            ExecutionRoleArn=_get("Role"),
            PrimaryContainer={"Image": "image", "ModelDataUrl": "s3://bucket/model.tar.gz"},
            Tags=tags,
        ),
        "Configuration": _resource(
            "SageMaker::EndpointConfig",
            KmsKeyId=_ref("Key"),
            ProductionVariants=[variant | {"InitialInstanceCount": count, "ModelName": _get("Model", "ModelName")}],
            Tags=tags,
        ),
        "Endpoint": _resource(
            "SageMaker::Endpoint",
            EndpointName="every",
            EndpointConfigName=_get("Configuration", "EndpointConfigName"),
            RetainAllVariantProperties=True,
            Tags=tags,
        ),
        "Scripts": _resource("SageMaker::NotebookInstanceLifecycleConfig", OnStart=[{"Content": "ZWNobw==" * count}]),
        "Code": _resource(
            "SageMaker::CodeRepository", GitConfig={"RepositoryUrl": "https://git.example/code"}, Tags=tags
        ),
        "Notebook": _resource(
            "SageMaker::NotebookInstance",
            DefaultCodeRepository=_get("Code", "CodeRepositoryName"),
            DirectInternetAccess="Disabled",
            InstanceMetadataServiceConfiguration={"MinimumInstanceMetadataServiceVersion": "2"},
            InstanceType="ml.t3.large" if changed else "ml.t3.medium",
            KmsKeyId=_ref("Key"),
            LifecycleConfigName=_get("Scripts", "NotebookInstanceLifecycleConfigName"),
            PlatformIdentifier="notebook-al2023-v1",
            RoleArn=_get("Role"),
            RootAccess="Disabled",
            SecurityGroupIds=[_get("Inside", "GroupId")],
            SubnetId=_ref("Subnet"),
            Tags=tags,
        ),
        "Domain": _resource(
            "SageMaker::Domain",
            AppNetworkAccessType="VpcOnly",
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": _get("Role"), "SecurityGroups": [_get("Inside", "GroupId")] * count},
            DomainName="every",
            SubnetIds=[_ref("Subnet")],
            Tags=tags,
            VpcId=_ref("Network"),
        ),
        "Person": _resource("SageMaker::UserProfile", DomainId=_ref("Domain"), UserProfileName="person", Tags=tags),
    }


def _watching(tags: list[Any], changed: bool) -> dict[str, Any]:
    target = {
        "ResourceId": "endpoint/every/variant/all",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "ServiceNamespace": "sagemaker",
    }
    at_most = 4 if changed else 3
    return {
        "Alarm": _resource(
            "CloudWatch::Alarm",
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            MetricName="ModelLatency",
            Namespace="AWS/SageMaker",
            Period=60,
            Statistic="Average",
            Threshold=at_most,
            TreatMissingData="notBreaching",
            Tags=tags,
        ),
        "Alarms": _resource("CloudWatch::CompositeAlarm", AlarmRule={"Fn::Sub": f'ALARM("${{Alarm}}") OR {changed}'}),
        "Dashboard": _resource("CloudWatch::Dashboard", DashboardBody=f'{{"widgets": [], "n": {at_most}}}'),
        "Target": {"DependsOn": "Endpoint"}
        | _resource("ApplicationAutoScaling::ScalableTarget", **target, MinCapacity=1, MaxCapacity=at_most),
        "Scaling": _resource(
            "ApplicationAutoScaling::ScalingPolicy",
            PolicyName="invocations",
            PolicyType="TargetTrackingScaling",
            ScalingTargetId=_ref("Target"),
            TargetTrackingScalingPolicyConfiguration={
                "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
                "TargetValue": at_most,
            },
        ),
    }
