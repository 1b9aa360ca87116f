"""What happens to an environment after its first deployment."""

from __future__ import annotations

from botocore.exceptions import ClientError

from tests.infra.deploy.deployed import Deployed, changed

KEPT = ("AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::S3::Bucket")


def days_of_captured_data(deployed: Deployed) -> int:
    bucket = deployed.one("data", "AWS::S3::Bucket", "Captured")
    (rule,) = deployed.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    days: int = rule["Expiration"]["Days"]
    return days


def names_of_databases(deployed: Deployed) -> list[str]:
    return [each["Name"] for each in deployed.client("glue").get_databases()["DatabaseList"]]


def is_there(deployed: Deployed, type_: str, id_: str) -> bool:
    """Whether a kept resource can still be used."""
    if type_ == "AWS::S3::Bucket":
        try:
            deployed.client("s3").head_bucket(Bucket=id_)
        except ClientError:
            return False
        return True
    if type_ == "AWS::KMS::Key":
        return bool(deployed.client("kms").describe_key(KeyId=id_)["KeyMetadata"]["KeyState"] == "Enabled")
    groups = deployed.client("logs").describe_log_groups(logGroupNamePrefix=id_)["logGroups"]
    return id_ in [each["logGroupName"] for each in groups]


def test_a_deployment_that_fails_is_rolled_back_and_the_next_changes_exactly_what_the_settings_say(
    own: Deployed,
) -> None:
    glue = own.client("glue")
    glue.create_database(DatabaseInput={"Name": "sageline_dev"})
    assembly = own.with_settings("changed", {"data": {"captured_days": 45, "catalog": True}})

    failed = own.cdk.deploy(assembly, only="dev/Data")
    assert failed.code == 1
    assert "AlreadyExistsException" in failed.output
    assert own.stack("data")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert days_of_captured_data(own) == 90

    glue.delete_database(Name="sageline_dev")
    own.cdk.deploy(assembly, only="dev/Data").succeeded()
    assert changed(own.events("data")) == {
        "Catalog": "CREATE_COMPLETE",
        "CapturedBucket681C726A": "UPDATE_COMPLETE",
    }
    assert days_of_captured_data(own) == 45
    assert names_of_databases(own) == ["sageline_dev"]

    own.cdk.deploy(own.assembly, only="dev/Data").succeeded()
    assert days_of_captured_data(own) == 90
    assert names_of_databases(own) == []


def test_every_option_can_be_switched_off_again(equipped: Deployed) -> None:
    with equipped.copied() as own:
        # It is no stack of the environment any more.
        own.client("cloudformation").delete_stack(StackName="sageline-dev-promotion")
        own.cdk.deploy(own.assembly).succeeded()
        for name, template in own.templates.items():
            wanted = {id_ for id_, each in template["Resources"].items() if "Condition" not in each}
            assert own.resources(name) == wanted, name
        assert own.client("scheduler").list_schedules()["Schedules"] == []


def test_destroy_keeps_all_that_holds_data_and_the_environment_can_be_deployed_again(own: Deployed) -> None:
    stacks = {name: own.stack(name)["StackId"] for name in own.templates}
    before = {
        (type_, id_): name for stack in stacks for type_ in KEPT for name, id_ in own.physical(stack, type_).items()
    }

    own.cdk.destroy(own.assembly).succeeded()

    for name, template in own.templates.items():
        done = changed(own.events(stacks[name]))
        kept = {each for each, resource in template["Resources"].items() if resource.get("DeletionPolicy") == "Retain"}
        assert {each for each, status in done.items() if status == "DELETE_SKIPPED"} == kept
        assert {status for each, status in done.items() if each not in kept} <= {"DELETE_COMPLETE"}
    stateful = {
        name
        for template in own.templates.values()
        for name, each in template["Resources"].items()
        if each["Type"] in KEPT and each.get("DeletionPolicy") != "Delete"
    }
    assert stateful
    assert stateful <= {name for (type_, id_), name in before.items() if is_there(own, type_, id_)}

    own.cdk.deploy(own.assembly, "--import-existing-resources").succeeded()
    for name in own.templates:
        assert own.stack(name)["StackStatus"] == "CREATE_COMPLETE"
    buckets = {id_ for stack in stacks for id_ in own.physical(stack, "AWS::S3::Bucket").values()}
    assert not buckets & {id_ for _, id_ in before}
