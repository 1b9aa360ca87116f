"""SageMaker: pipelines, models, endpoints, notebooks, Studio."""

from __future__ import annotations

from typing import Any

from tests.support.moto.every_type.parts import get, policy, ref, resource


def sagemaker(tags: list[Any], changed: bool) -> dict[str, Any]:
    """Return resources that refer to one another, and to those of the other modules, by these names."""
    count = 2 if changed else 1
    variant = {"VariantName": "all", "InitialVariantWeight": 1, "InstanceType": "ml.m5.large"}
    return {
        "Packages": resource(
            "SageMaker::ModelPackageGroup",
            ModelPackageGroupName="every",
            Tags=tags,
            **({} if changed else {"ModelPackageGroupPolicy": policy("sagemaker:DescribeModelPackage", Principal="*")}),
        ),
        "Pipeline": resource(
            "SageMaker::Pipeline",
            PipelineName="every",
            PipelineDefinition={"PipelineDefinitionBody": f'{{"Version": "2020-12-01", "Steps": [], "N": {count}}}'},
            ParallelismConfiguration={"MaxParallelExecutionSteps": count},
            RoleArn=get("Role"),
            Tags=tags,
        ),
        "Model": resource(
            "SageMaker::Model",
            EnableNetworkIsolation=True,
            ExecutionRoleArn=get("Role"),
            PrimaryContainer={"Image": "image", "ModelDataUrl": "s3://bucket/model.tar.gz"},
            Tags=tags,
        ),
        "Configuration": resource(
            "SageMaker::EndpointConfig",
            KmsKeyId=ref("Key"),
            ProductionVariants=[variant | {"InitialInstanceCount": count, "ModelName": get("Model", "ModelName")}],
            Tags=tags,
        ),
        "Endpoint": resource(
            "SageMaker::Endpoint",
            EndpointName="every",
            EndpointConfigName=get("Configuration", "EndpointConfigName"),
            RetainAllVariantProperties=True,
            Tags=tags,
        ),
        "Scripts": resource("SageMaker::NotebookInstanceLifecycleConfig", OnStart=[{"Content": "ZWNobw==" * count}]),
        "Code": resource(
            "SageMaker::CodeRepository", GitConfig={"RepositoryUrl": "https://git.example/code"}, Tags=tags
        ),
        "Notebook": resource(
            "SageMaker::NotebookInstance",
            DefaultCodeRepository=get("Code", "CodeRepositoryName"),
            DirectInternetAccess="Disabled",
            InstanceMetadataServiceConfiguration={"MinimumInstanceMetadataServiceVersion": "2"},
            InstanceType="ml.t3.large" if changed else "ml.t3.medium",
            KmsKeyId=ref("Key"),
            LifecycleConfigName=get("Scripts", "NotebookInstanceLifecycleConfigName"),
            PlatformIdentifier="notebook-al2023-v1",
            RoleArn=get("Role"),
            RootAccess="Disabled",
            SecurityGroupIds=[get("Inside", "GroupId")],
            SubnetId=ref("Subnet"),
            Tags=tags,
        ),
        "Domain": resource(
            "SageMaker::Domain",
            AppNetworkAccessType="VpcOnly",
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": get("Role"), "SecurityGroups": [get("Inside", "GroupId")] * count},
            DomainName="every",
            SubnetIds=[ref("Subnet")],
            Tags=tags,
            VpcId=ref("Network"),
        ),
        "Person": resource("SageMaker::UserProfile", DomainId=ref("Domain"), UserProfileName="person", Tags=tags),
    }
