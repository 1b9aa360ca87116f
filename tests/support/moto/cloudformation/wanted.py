"""What a template asks for, given its parameters: its resources, their properties, its outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.moto.cloudformation import parameters, schema
from tests.support.moto.cloudformation.errors import TemplateError
from tests.support.moto.cloudformation.intrinsics import NO_VALUE, Scope
from tests.support.moto.cloudformation.order import in_order
from tests.support.moto.cloudformation.resource import Made
from tests.support.moto.cloudformation.services import Services
from tests.support.moto.cloudformation.state import Stack, Store
from tests.support.moto.cloudformation.template import Template


class Wanted:
    """A template in the light of its parameters, the stack's name, and what is there already.

    Args:
        made: returns a resource that is there, by its logical id; or None.
    """

    def __init__(
        self,
        store: Store,
        stack: Stack,
        template: Template,
        given: Mapping[str, str],
        services: Services,
        made: Callable[[str], Made | None],
    ) -> None:
        self._store = store
        self._made = made
        self._template = template
        self.imports: set[str] = set()
        pseudo = {
            "AWS::AccountId": store.account,
            "AWS::NotificationARNs": [],
            "AWS::Partition": "aws",
            "AWS::Region": store.region,
            "AWS::StackId": stack.id,
            "AWS::StackName": stack.name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        values = parameters.resolved(template.get("Parameters", {}), given, services.stored_parameter)
        self.scope = Scope(
            names=pseudo | values,
            conditions=template.get("Conditions", {}),
            mappings=template.get("Mappings", {}),
            reference=self._reference,
            attribute=self._attribute,
            imported=self._imported,
            zones=services.zones,
        )
        self._hold_against_rules()
        self.resources: dict[str, dict[str, Any]] = {
            name: each for name, each in template["Resources"].items() if self._stands(each)
        }
        self.order = in_order(self.resources)

    def properties(self, name: str) -> dict[str, Any]:
        """Return a resource's properties with every value worked out, in the types that CloudFormation's schema has."""
        resource = self.resources[name]
        values = self.scope.value(resource.get("Properties", {}))
        return schema.checked(schema.of(resource["Type"], self._store.region), values)

    def outputs(self) -> list[dict[str, str]]:
        """Return the outputs, as DescribeStacks lists them."""
        found = []
        for name, output in self._template.get("Outputs", {}).items():
            if not self._stands(output):
                continue
            entry = {"OutputKey": name, "OutputValue": self._output(name, output["Value"])}
            if "Description" in output:
                entry["Description"] = output["Description"]
            if "Export" in output:
                entry["ExportName"] = self._output(name, output["Export"]["Name"])
            found.append(entry)
        return found

    def _output(self, name: str, value: Any) -> str:
        worked_out = self.scope.value(value)
        if not isinstance(worked_out, (str, int, float)) or worked_out is NO_VALUE:
            raise TemplateError(f"Template format error: Output {name} is malformed: it must be a string")
        return str(worked_out)

    def _stands(self, part: Mapping[str, Any]) -> bool:
        return "Condition" not in part or self.scope.condition(part["Condition"])

    def _hold_against_rules(self) -> None:
        for rule in self._template.get("Rules", {}).values():
            if "RuleCondition" in rule and not self.scope.holds(rule["RuleCondition"]):
                continue
            for each in rule["Assertions"]:
                if not self.scope.holds(each["Assert"]):
                    raise TemplateError(f"Template error: {each.get('AssertDescription', 'a rule does not hold')}")

    def _there(self, name: str) -> Made:
        made = self._made(name) if name in self.resources else None
        if made is None:
            raise TemplateError(f"Template format error: Unresolved resource dependencies [{name}]")
        return made

    def _reference(self, name: str) -> str:
        return self._there(name).id

    def _attribute(self, name: str, attribute: str) -> Any:
        attributes = self._there(name).attributes
        if attribute not in attributes:
            type_ = self.resources[name]["Type"]
            raise TemplateError(f"Requested attribute {attribute} of {name} is not known for {type_}")
        return attributes[attribute]

    def _imported(self, name: str) -> str:
        value = self._store.exported(name)
        if value is None:
            raise TemplateError(f"No export named {name} found.")
        self.imports.add(name)
        return value
