"""The support's CloudFormation keeps CloudFormation's rules, and fails where it does not know them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.moto.server import Server
from tests.support.moto.stacks import Stacks


@pytest.fixture(scope="module")
def stacks(moto: Server) -> Stacks:
    return Stacks(moto)


def parameter(value: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}, **more}


def resources(**each: Any) -> dict[str, Any]:
    return {"Resources": each}


def outputs(values: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {
        "Resources": {"Some": parameter("some")},
        "Outputs": {name: {"Value": value} for name, value in values.items()},
        **parts,
    }


def value(moto: Server, name: str) -> str:
    return str(moto.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def refused(stacks: Stacks, name: str, template: dict[str, Any], **parameters: str) -> str:
    with pytest.raises(ClientError) as caught:
        stacks.bring(name, template, **parameters)
    return str(caught.value.response["Error"]["Message"])


def test_functions_of_a_template_are_worked_out(stacks: Stacks) -> None:
    values = {
        "Mapped": {"Fn::Sub": ["${own}-${AWS::Region}-${Some}-${Some.Value}-${!kept}", {"own": {"Ref": "Given"}}]},
        "Joined": {"Fn::Join": ["/", ["a", {"Ref": "Listed"} | {}, "b"][::2]]},
        "Chosen": {"Fn::If": ["IsGiven", {"Fn::Select": [1, {"Ref": "Listed"}]}, "no"]},
        "Found": {"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "size"]},
        "Split": {"Fn::Select": ["1", {"Fn::Split": [",", "x,y"]}]},
        "Encoded": {"Fn::Base64": {"Ref": "Given"}},
    }
    template = outputs(
        values,
        Parameters={
            "Given": {"Type": "String"},
            "Listed": {"Type": "CommaDelimitedList", "Default": "one, two"},
        },
        Conditions={
            "IsGiven": {"Fn::And": [{"Condition": "IsNotEmpty"}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]},
            "IsNotEmpty": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Given"}, ""]}]},
        },
        Mappings={"Sizes": {"eu-central-1": {"size": "large"}}},
    )
    stacks.bring("functions", template, Given="given")
    some = stacks.ids("functions")["Some"]
    assert stacks.outputs("functions") == {
        "Mapped": f"given-eu-central-1-{some}-some-${{kept}}",
        "Joined": "a/b",
        "Chosen": "two",
        "Found": "large",
        "Split": "y",
        "Encoded": "Z2l2ZW4=",
    }


def test_what_a_condition_leaves_out_is_not_made_and_properties_without_value_are_left_out(stacks: Stacks) -> None:
    template = resources(
        Never=parameter("never", Condition="No"),
        Always=parameter({"Fn::If": ["No", "never", "always"]}),
    ) | {"Conditions": {"No": {"Fn::Equals": ["a", "b"]}}, "Outputs": {"None": {"Value": "x", "Condition": "No"}}}
    template["Resources"]["Always"]["Properties"]["Description"] = {"Ref": "AWS::NoValue"}
    assert stacks.bring("conditions", template) == "CREATE_COMPLETE"
    assert set(stacks.ids("conditions")) == {"Always"}
    assert stacks.outputs("conditions") == {}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (resources(X={"Type": "AWS::No::Such"}), "Unrecognized resource types: [AWS::No::Such]"),
        (resources(X={"Type": "AWS::Athena::WorkGroup"}), "cannot make AWS::Athena::WorkGroup: add a module for it"),
        (resources(X=parameter("x", Fancy=1)), "X has what the test support does not follow: Fancy"),
        (resources(X=parameter("x", DependsOn="Y")), "Unresolved resource dependencies [Y]"),
        (resources(X=parameter({"Ref": "Y"})), "Unresolved resource dependencies [Y]"),
        (resources(X=parameter({"Ref": "Y"}), Y=parameter({"Ref": "X"})), "Circular dependency between resources"),
        (resources(X=parameter({"Fn::Cidr": ["10.0.0.0/16", 1]})), "does not work out Fn::Cidr"),
        (resources(X=parameter("{{resolve:ssm:name}}")), "does not follow dynamic references"),
        (resources(X=parameter({"Fn::ImportValue": "nothing"})), "No export named nothing found."),
        (resources(X=parameter({})), "/Value: {} is not of type string"),
        ({"Resources": {"X": parameter("x")}, "Transform": "AWS::Serverless"}, "does not read: Transform"),
    ],
)
def test_what_cannot_be_deployed_is_refused_before_anything_is_made(
    stacks: Stacks, template: dict[str, Any], message: str
) -> None:
    assert message in refused(stacks, "refused", template)


def test_properties_are_held_against_cloudformations_own_schema(stacks: Stacks) -> None:
    wrong = parameter("x")
    wrong["Properties"]["Nonsense"] = True
    assert "unsupported property /Nonsense" in refused(stacks, "wrong", resources(X=wrong))
    del wrong["Properties"]["Nonsense"], wrong["Properties"]["Type"]
    assert "required key [Type] not found" in refused(stacks, "wrong", resources(X=wrong))
    wrong["Properties"]["Type"] = "Text"
    assert "'Text' is not one of String" in refused(stacks, "wrong", resources(X=wrong))


def test_parameters_are_held_against_their_declarations(stacks: Stacks) -> None:
    declared = {"Size": {"Type": "String", "AllowedValues": ["a"], "AllowedPattern": "[a-z]+"}}
    template = outputs({"Size": {"Ref": "Size"}}, Parameters=declared)
    assert "must have values" in refused(stacks, "parameters", template)
    assert "must be one of AllowedValues" in refused(stacks, "parameters", template, Size="b")
    assert "do not exist in the template" in refused(stacks, "parameters", template, Other="a")


def test_a_property_that_nothing_is_done_with_fails_the_stack_and_leaves_nothing(stacks: Stacks, moto: Server) -> None:
    properties = {"BucketName": "dropped", "AccelerateConfiguration": {"AccelerationStatus": "Enabled"}}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": properties}
    assert stacks.bring("unused", resources(Bucket=bucket)) == "ROLLBACK_COMPLETE"
    (reason,) = stacks.reasons("unused")
    assert reason == "Bucket: The test support does nothing with AccelerateConfiguration of AWS::S3::Bucket"
    assert "dropped" not in [each["Name"] for each in moto.client("s3").list_buckets()["Buckets"]]


def test_what_a_service_refuses_fails_the_stack_with_its_word(stacks: Stacks) -> None:
    properties = {"TopicArn": "arn:aws:sns:a:b:none", "Protocol": "sqs", "Endpoint": "arn:aws:sqs:a:b:c"}
    subscription = {"Type": "AWS::SNS::Subscription", "Properties": properties}
    assert stacks.bring("missing", resources(Subscription=subscription)) == "ROLLBACK_COMPLETE"
    assert "when calling the Subscribe operation" in stacks.reasons("missing")[0]


def test_an_update_that_fails_brings_everything_back(stacks: Stacks, moto: Server) -> None:
    alias = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/x", "TargetKeyId": {"Ref": "After"}}}
    before = resources(A=parameter("old"), Gone=parameter("gone"), After=parameter("x"))
    stacks.bring("back", before)
    ids = stacks.ids("back")
    status = stacks.bring("back", resources(A=parameter("new"), B=parameter("b"), After=parameter("x"), Z=alias))
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert "when calling the CreateAlias operation" in stacks.reasons("back")[0]
    assert stacks.ids("back") == ids
    assert value(moto, ids["A"]) == "old"
    assert stacks.bring("back", resources(A=parameter("newer"))) == "UPDATE_COMPLETE"
    assert value(moto, ids["A"]) == "newer"
    assert set(stacks.ids("back")) == {"A"}


def test_what_cannot_change_in_place_is_replaced_unless_its_name_stands_in_the_way(
    stacks: Stacks, moto: Server
) -> None:
    def group(description: str, **more: str) -> dict[str, Any]:
        properties = {"ModelPackageGroupName": f"g{description}", "ModelPackageGroupDescription": description} | more
        return resources(Group={"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": properties})

    stacks.bring("replaced", group("one"))
    before = stacks.ids("replaced")["Group"]
    assert stacks.bring("replaced", group("two")) == "UPDATE_COMPLETE"
    assert stacks.ids("replaced")["Group"] != before
    groups = moto.client("sagemaker").list_model_package_groups()["ModelPackageGroupSummaryList"]
    assert [each["ModelPackageGroupName"] for each in groups] == ["gtwo"]
    assert stacks.bring("replaced", group("three", ModelPackageGroupName="gtwo")) == "UPDATE_ROLLBACK_COMPLETE"
    assert "custom-named resource requires replacing. Rename gtwo" in stacks.reasons("replaced")[0]


def test_the_same_template_is_no_change(stacks: Stacks) -> None:
    stacks.bring("same", resources(A=parameter("a")))
    with pytest.raises(ClientError, match="cannot be executed in its current status"):
        stacks.bring("same", resources(A=parameter("a")))


def test_what_is_to_be_retained_outlives_its_stack(stacks: Stacks, moto: Server) -> None:
    stacks.bring("kept", resources(Kept=parameter("kept", DeletionPolicy="Retain"), Gone=parameter("gone")))
    ids = stacks.ids("kept")
    stacks.cloudformation.delete_stack(StackName="kept")
    assert value(moto, ids["Kept"]) == "kept"
    with pytest.raises(ClientError, match="ParameterNotFound"):
        value(moto, ids["Gone"])
    assert not stacks.is_there("kept")


def test_exports_hold_those_who_import_them_together(stacks: Stacks) -> None:
    def exporting(value: str) -> dict[str, Any]:
        return outputs({}) | {"Outputs": {"Out": {"Value": value, "Export": {"Name": "shared"}}}}

    stacks.bring("exporter", exporting("one"))
    stacks.bring("importer", resources(A=parameter({"Fn::ImportValue": "shared"})))
    assert stacks.bring("exporter", exporting("two")) == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.bring("other", exporting("one")) == "ROLLBACK_COMPLETE"
    stacks.cloudformation.delete_stack(StackName="exporter")
    assert stacks.stack("exporter")["StackStatusReason"] == "Cannot delete export shared as it is in use by importer."
    stacks.cloudformation.delete_stack(StackName="importer")
    stacks.cloudformation.delete_stack(StackName="exporter")
    assert not stacks.is_there("exporter")


def update(moto: Server, name: str, **request: Any) -> str:
    """Update a stack to its own template; return what it was refused with."""
    try:
        moto.client("cloudformation").update_stack(StackName=name, UsePreviousTemplate=True, **request)
    except ClientError as error:
        return str(error.response["Error"]["Message"])
    return ""


def test_an_update_changes_the_parameters_that_it_gives_and_no_others(moto: Server, stacks: Stacks) -> None:
    template = {
        "Parameters": {"A": {"Type": "String"}, "B": {"Type": "String", "Default": "default"}},
        **resources(Some=parameter({"Fn::Sub": "${A}${B}"})),
    }
    stacks.bring("updated", template, A="1", B="2")
    kept = {"ParameterKey": "B", "UsePreviousValue": True}
    another = {"ParameterKey": "A", "ParameterValue": "3"}
    types = ["AWS::SSM::Parameter"]
    assert update(moto, "updated", Parameters=[another, kept], ResourceTypes=types, ClientRequestToken="once") == ""
    assert value(moto, stacks.ids("updated")["Some"]) == "32"
    events = moto.client("cloudformation").describe_stack_events(StackName="updated")["StackEvents"]
    assert [each.get("ClientRequestToken") for each in events[:2]] == ["once", "once"]
    # The same request is done once; another is refused where it changes nothing, or a type that it does not list.
    assert update(moto, "updated", Parameters=[another, kept], ClientRequestToken="once") == ""
    assert len(moto.client("cloudformation").describe_stack_events(StackName="updated")["StackEvents"]) == len(events)
    assert update(moto, "updated", Parameters=[another, kept]) == "No updates are to be performed."
    assert "AWS::SSM::Parameter is not in" in update(
        moto, "updated", Parameters=[kept | {"ParameterKey": "A"}, another | {"ParameterKey": "B"}], ResourceTypes=["x"]
    )
    assert update(moto, "updated", Parameters=[another]) == ""
    assert value(moto, stacks.ids("updated")["Some"]) == "3default"
