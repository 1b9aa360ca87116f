from __future__ import annotations

from typing import Any

import pytest

from config.private_services import DEFAULT, SERVICES
from tests.support.stacks import Template, listed, only, properties, resources, statements, template

ACCOUNT = "111122223333"
S3_OUT = {"Description": "S3", "DestinationPrefixListId": "pl-6ea54007", "FromPort": 443, "IpProtocol": "tcp"}
S3_OUT |= {"ToPort": 443}
VPC = {"id": "vpc-0123abcd", "subnets": ["subnet-0123abcd", "subnet-4567abcd", "subnet-89ababcd"]}
GROUPS = {name: f"sg-0000000{at}" for at, name in enumerate(["jobs", "functions", "notebooks", "endpoints"])}


def endpoints(found: Template, type_: str = "Interface") -> dict[str, Any]:
    """Return the endpoints of a type by what stands behind the region in their service's name."""
    made = [each["Properties"] for each in resources(found, "AWS::EC2::VPCEndpoint").values()]
    return {
        str(each["ServiceName"]).rpartition("eu-central-1.")[2]: each
        for each in made
        if each["VpcEndpointType"] == type_
    }


def group(use: str, found: Template | None = None) -> Any:
    return properties(found or template("network"), "AWS::EC2::SecurityGroup", f"Groups{use}")


def beside(direction: str, use: str, found: Template | None = None) -> list[Any]:
    """Return the rules of a group that stand beside it."""
    rules = resources(found or template("network"), f"AWS::EC2::SecurityGroup{direction}").values()
    return [each["Properties"] for each in rules if of(each["Properties"]["GroupId"]).startswith(f"Groups{use}")]


def of(reference: Any) -> str:
    return str(reference["Fn::GetAtt"][0])


def test_nothing_leads_to_the_internet() -> None:
    types = {each["Type"] for each in template("network")["Resources"].values()}
    assert not types & {
        "AWS::EC2::InternetGateway",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::EIP",
        "AWS::EC2::Route",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::VPNGateway",
    }
    for subnet in resources(template("network"), "AWS::EC2::Subnet").values():
        assert subnet["Properties"]["MapPublicIpOnLaunch"] is False


def test_each_zone_gets_a_quarter_so_that_a_third_moves_nobody() -> None:
    two, three = template("network"), template("network", {"network.zones": 3})
    blocks = [each["Properties"]["CidrBlock"] for each in resources(three, "AWS::EC2::Subnet").values()]
    assert blocks == ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"]
    before = resources(two, "AWS::EC2::Subnet")
    assert len(before) == 2
    assert {name: resources(three, "AWS::EC2::Subnet")[name] for name in before} == before


def test_zones_are_those_that_the_account_has_or_those_that_are_named() -> None:
    found = resources(template("network"), "AWS::EC2::Subnet").values()
    zones = [each["Properties"]["AvailabilityZone"] for each in found]
    assert zones == [{"Fn::Select": [0, {"Fn::GetAZs": ""}]}, {"Fn::Select": [1, {"Fn::GetAZs": ""}]}]
    named = template("network", {"network.zone_names": ["eu-central-1b", "eu-central-1c"]})
    zones = [each["Properties"]["AvailabilityZone"] for each in resources(named, "AWS::EC2::Subnet").values()]
    assert zones == ["eu-central-1b", "eu-central-1c"]


def test_a_setting_says_the_addresses() -> None:
    other = template("network", {"network.cidr": "192.168.4.0/22"})
    assert only(other, "AWS::EC2::VPC")["CidrBlock"] == "192.168.4.0/22"
    assert {each["Properties"]["CidrBlock"] for each in resources(other, "AWS::EC2::Subnet").values()} == {
        "192.168.4.0/24",
        "192.168.5.0/24",
    }


def test_to_s3_pass_objects_in_buckets_of_this_account_by_its_principals() -> None:
    (gateway,) = endpoints(template("network"), "Gateway").values()
    assert len(gateway["RouteTableIds"]) == 2
    objects = statements(gateway["PolicyDocument"])["ObjectsOfThisAccount"]
    assert objects["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT, "s3:ResourceAccount": ACCOUNT}}
    assert {"s3:GetObject", "s3:ListBucket", "s3:PutObject"} <= set(objects["Action"])
    assert not [action for action in objects["Action"] if "*" in action or "Policy" in action or "Acl" in action]


def test_what_passes_to_s3_beside_this_account_is_reading_layers_of_images_and_signed_packages() -> None:
    (gateway,) = endpoints(template("network"), "Gateway").values()
    others = [each for each in gateway["PolicyDocument"]["Statement"] if "Condition" not in each]
    assert [(each["Action"], each["Resource"]) for each in others] == [
        ("s3:GetObject", "arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*"),
        ("s3:GetObject", "arn:aws:s3:::al2023-repos-eu-central-1-de612dc2/*"),
    ]


@pytest.mark.parametrize(("service", "actions"), [("sagemaker.api", "sagemaker:*"), ("logs", "logs:*")])
def test_an_interface_endpoint_passes_this_accounts_principals_alone(service: str, actions: str) -> None:
    endpoint = endpoints(template("network"))[service]
    (statement,) = endpoint["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", actions)
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    assert endpoint["PrivateDnsEnabled"] is True
    assert [of(each) for each in endpoint["SecurityGroupIds"]] == [
        next(name for name in resources(template("network"), "AWS::EC2::SecurityGroup") if name.startswith("Service"))
    ]


def test_settings_say_which_services_are_reached_and_from_how_many_zones() -> None:
    assert set(endpoints(template("network"))) == set(DEFAULT)
    assert {len(each["SubnetIds"]) for each in endpoints(template("network")).values()} == {1}
    other = endpoints(template("network", {"network.services": ["monitoring"], "network.service_zones": 2}))
    assert set(other) == {"monitoring"}
    assert len(other["monitoring"]["SubnetIds"]) == 2
    assert other["monitoring"]["PolicyDocument"]["Statement"][0]["Action"] == "cloudwatch:*"
    assert endpoints(template("network", {"network.services": []})) == {}


def test_the_cdk_knows_every_service_that_can_be_reached() -> None:
    from aws_cdk import aws_ec2 as ec2  # noqa: PLC0415 - starts Node

    known = {
        str(getattr(ec2.InterfaceVpcEndpointAwsService, name).short_name)
        for name in dir(ec2.InterfaceVpcEndpointAwsService)
        if name.isupper()
    }
    assert set(SERVICES) <= known


@pytest.mark.parametrize("use", ["Jobs", "Functions", "Notebooks", "Endpoints"])
def test_what_leaves_a_group_goes_to_s3_and_no_further_but_where_a_rule_says_so(use: str) -> None:
    assert group(use)["SecurityGroupEgress"] == [S3_OUT]
    assert "SecurityGroupIngress" not in group(use)


def test_hosts_of_a_job_talk_to_each_other_and_to_nobody_else() -> None:
    (come,), (go,) = beside("Ingress", "Jobs"), beside("Egress", "Jobs")
    assert (come["IpProtocol"], go["IpProtocol"]) == ("-1", "-1")
    assert of(come["SourceSecurityGroupId"]) == of(go["DestinationSecurityGroupId"]) == of(come["GroupId"])


def test_functions_and_notebooks_reach_the_services_and_nobody_reaches_them() -> None:
    for use in ("Functions", "Notebooks"):
        (rule,) = beside("Egress", use)
        assert of(rule["DestinationSecurityGroupId"]).startswith("ServiceEndpoints")
        assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 443, 443)
        assert beside("Ingress", use) == []


def test_hosted_models_reach_s3_alone_and_nobody_reaches_them() -> None:
    assert beside("Egress", "Endpoints") == beside("Ingress", "Endpoints") == []


def test_interface_endpoints_answer_functions_and_notebooks_alone() -> None:
    services = properties(template("network"), "AWS::EC2::SecurityGroup", "ServiceEndpoints")
    assert [of(rule["SourceSecurityGroupId"]) for rule in services["SecurityGroupIngress"]] == [
        next(name for name in resources(template("network"), "AWS::EC2::SecurityGroup") if name.startswith(start))
        for start in ("GroupsFunctions", "GroupsNotebooks")
    ]
    assert {rule["FromPort"] for rule in services["SecurityGroupIngress"]} == {443}
    assert [rule["CidrIp"] for rule in services["SecurityGroupEgress"]] == ["255.255.255.255/32"]


def test_a_setting_says_the_prefix_list() -> None:
    other = template("network", {"network.s3_prefix_list": "pl-0a1b2c3d"})
    assert group("Jobs", other)["SecurityGroupEgress"][0]["DestinationPrefixListId"] == "pl-0a1b2c3d"


def test_all_traffic_is_written_down_with_the_operations_key_and_kept() -> None:
    found = template("network")
    log = only(found, "AWS::EC2::FlowLog")
    assert (log["TrafficType"], log["ResourceType"]) == ("ALL", "VPC")
    (kept,) = resources(found, "AWS::Logs::LogGroup").values()
    assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert "OperationsKey" in kept["Properties"]["KmsKeyId"]["Fn::ImportValue"]
    assert kept["Properties"]["RetentionInDays"] == 365
    shorter = template("network", {"network.log_days": 8})
    assert only(shorter, "AWS::Logs::LogGroup")["RetentionInDays"] == 14


def test_flow_logs_are_written_for_this_account_to_one_log_group() -> None:
    (trust,) = only(template("network"), "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:eu-central-1:{ACCOUNT}:vpc-flow-log/*"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    policy = only(template("network"), "AWS::IAM::ManagedPolicy")["PolicyDocument"]
    assert all("NetworkFlowLogsEvents" in str(each["Resource"]) for each in policy["Statement"])
    assert {action for each in policy["Statement"] for action in listed(each["Action"])} == {
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
    }


def test_the_default_security_group_is_named_for_whoever_empties_it() -> None:
    assert "DefaultSecurityGroup" in str(template("network")["Outputs"]["DefaultSecurityGroupId"]["Value"])
    assert "DefaultSecurityGroup" not in str(template("network")["Resources"])


@pytest.mark.parametrize(
    ("region", "partition", "service"),
    [
        ("cn-north-1", "aws-cn", "cn.com.amazonaws.cn-north-1.sagemaker.api"),
        ("us-gov-west-1", "aws-us-gov", "com.amazonaws.us-gov-west-1.sagemaker.api"),
    ],
)
def test_other_partitions_have_names_of_their_own(region: str, partition: str, service: str) -> None:
    there = template("network", {"region": region, "network.s3_prefix_list": "pl-0a1b2c3d"})
    assert service in [each["Properties"]["ServiceName"] for each in resources(there, "AWS::EC2::VPCEndpoint").values()]
    assert "arn:aws:" not in str(there["Resources"])
    assert f"arn:{partition}:s3:::*" in str(there["Resources"])


def test_in_a_vpc_that_is_there_only_security_groups_are_made() -> None:
    there = template("network", {"network.vpc": {**VPC, "cidr": "10.4.0.0/16"}})
    assert {each["Type"] for each in there["Resources"].values()} == {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
    }
    assert group("Jobs", there)["VpcId"] == "vpc-0123abcd"
    for use in ("Functions", "Notebooks"):
        (rule,) = beside("Egress", use, there)
        assert (rule["CidrIp"], rule["FromPort"], rule["ToPort"]) == ("10.4.0.0/16", 443, 443)


def test_where_security_groups_are_there_too_nothing_is_made() -> None:
    there = template("network", {"network.vpc": {**VPC, "security_groups": GROUPS}})
    assert there.get("Resources", {}) == {}


@pytest.mark.parametrize("given", [{}, {"network.vpc": {**VPC, "security_groups": GROUPS}}])
def test_other_stacks_are_given_ids_and_constructs_to_build_with(given: dict[str, Any]) -> None:
    import aws_cdk as cdk  # noqa: PLC0415 - starts Node
    from aws_cdk import aws_ec2 as ec2  # noqa: PLC0415
    from aws_cdk import aws_lambda as lambda_  # noqa: PLC0415

    from infra.application import new_app  # noqa: PLC0415
    from infra.platform import Platform  # noqa: PLC0415
    from tests.support.stacks import changed  # noqa: PLC0415

    platform = Platform(new_app(), changed(given), [])
    network = platform.network
    assert len(network.subnet_ids) == len(network.subnets) == (3 if given else 2)
    assert (network.vpc_id == "vpc-0123abcd") == bool(given)
    ids = [getattr(network, f"{use}_security_group_id") for use in ("job", "function", "notebook", "endpoint")]
    assert (ids == list(GROUPS.values())) == bool(given)
    stack = cdk.Stack(platform, "User")
    lambda_.Function(
        stack,
        "Function",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
        security_groups=[ec2.SecurityGroup.from_security_group_id(stack, "Group", ids[1])],
        vpc=network.vpc,
        vpc_subnets=ec2.SubnetSelection(subnets=network.subnets),
    )
    from aws_cdk.assertions import Template as Assertions  # noqa: PLC0415

    made = only(dict(Assertions.from_stack(stack).to_json()), "AWS::Lambda::Function")["VpcConfig"]
    assert len(made["SubnetIds"]) == len(network.subnet_ids)
