"""Brings a stack to what its template asks for, or back to what it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.moto.cloudformation import schema
from tests.support.moto.cloudformation.catalog import resource
from tests.support.moto.cloudformation.errors import TemplateError, reason
from tests.support.moto.cloudformation.services import Services
from tests.support.moto.cloudformation.state import Stack, Standing, Store, now
from tests.support.moto.cloudformation.template import Template
from tests.support.moto.cloudformation.wanted import Wanted
from tests.support.moto.cloudformation.work import Work


class Deployment:
    """One creation or update of a stack."""

    def __init__(
        self,
        store: Store,
        stack: Stack,
        template: Template,
        parameters: Mapping[str, str],
        services: Services,
        *,
        importing: bool = False,
    ) -> None:
        self._importing = importing
        self._store = store
        self._stack = stack
        self._kind = "UPDATE" if stack.resources or stack.updated or stack.text else "CREATE"
        self._work = Work(store, stack, services)
        self._wanted = Wanted(store, stack, template, parameters, services, self._made)
        self._undo: list[Callable[[], None]] = []
        self._leaving: list[tuple[str, Standing]] = []

    def run(self) -> bool:
        """Make, change and delete what it takes; return whether that worked. If not, everything is as before."""
        self._stack.become(f"{self._kind}_IN_PROGRESS", "User Initiated")
        try:
            for name in self._wanted.order:
                self._bring(name)
            outputs = self._wanted.outputs()
            self._hold_against_importers(outputs)
        except Exception as error:  # noqa: BLE001 - whatever fails, fails the stack
            self._roll_back(reason(error))
            return False
        self._stack.outputs = outputs
        self._stack.imports = frozenset(self._wanted.imports)
        self._stack.order = list(self._wanted.order)
        self._clean_up()
        self._stack.become(f"{self._kind}_COMPLETE")
        return True

    def _made(self, name: str) -> Any:
        standing = self._stack.resources.get(name)
        return standing.made if standing is not None else None

    def _bring(self, name: str) -> None:
        type_ = self._wanted.resources[name]["Type"]
        standing = self._stack.resources.get(name)
        try:
            properties = self._wanted.properties(name)
            if standing is None:
                if not (self._importing and self._imported(name, properties)):
                    self._create(name, properties)
            elif standing.type != type_:
                raise TemplateError("Update of resource type is not permitted.")
            elif standing.properties == properties:
                self._stack.resources[name] = self._standing(name, properties, standing.made)
            elif schema.replacing(schema.of(type_, self._store.region), standing.properties, properties):
                self._replace(name, standing, properties)
            else:
                self._update(name, standing, properties)
        except Exception as error:
            done = "CREATE" if standing is None else "UPDATE"
            physical_id = standing.made.id if standing is not None else ""
            self._stack.say(name, physical_id, type_, f"{done}_FAILED", reason(error))
            raise TemplateError(f"The following resource(s) failed to {done.lower()}: [{name}].") from error

    def _standing(self, name: str, properties: dict[str, Any], made: Any) -> Standing:
        declared = self._wanted.resources[name]
        return Standing(
            declared["Type"],
            properties,
            made,
            retained=declared.get("DeletionPolicy", "Delete") == "Retain",
            retained_when_replaced=declared.get("UpdateReplacePolicy", "Delete") == "Retain",
        )

    def _create(self, name: str, properties: dict[str, Any]) -> None:
        type_ = self._wanted.resources[name]["Type"]
        self._stack.say(name, "", type_, "CREATE_IN_PROGRESS")
        made, unused = self._work.create(name, resource(type_), properties)
        standing = self._standing(name, properties, made)
        self._stack.resources[name] = standing

        def undo() -> None:
            del self._stack.resources[name]
            self._delete_again(name, standing, retained=standing.retained)

        self._undo.append(undo)
        self._work.refuse(type_, unused)
        self._stack.say(name, made.id, type_, "CREATE_COMPLETE")

    def _imported(self, name: str, properties: dict[str, Any]) -> bool:
        """Take a resource over that is kept on deletion and is there already; return whether there was one."""
        type_ = self._wanted.resources[name]["Type"]
        made = self._work.find(name, resource(type_), properties)
        if made is None or not self._standing(name, properties, made).retained:
            return False
        self._stack.resources[name] = self._standing(name, properties, made)
        self._undo.append(lambda: self._stack.resources.__delitem__(name))
        self._stack.say(name, made.id, type_, "IMPORT_COMPLETE")
        return True

    def _replace(self, name: str, before: Standing, properties: dict[str, Any]) -> None:
        kind = resource(before.type)
        if kind.name in properties and properties[kind.name] == before.properties.get(kind.name):
            raise TemplateError(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {properties[kind.name]} and update the stack again."
            )
        self._stack.say(
            name, before.made.id, before.type, "UPDATE_IN_PROGRESS", "Requested update requires the creation of a new "
            "physical resource; hence creating one.",
        )  # fmt: skip
        made, unused = self._work.create(name, kind, properties)
        after = self._standing(name, properties, made)
        self._stack.resources[name] = after

        def undo() -> None:
            self._stack.resources[name] = before
            self._leaving.remove((name, before))
            self._delete_again(name, after, retained=False)

        self._leaving.append((name, before))
        self._undo.append(undo)
        self._work.refuse(before.type, unused)
        self._stack.say(name, made.id, before.type, "UPDATE_COMPLETE")

    def _update(self, name: str, before: Standing, properties: dict[str, Any]) -> None:
        self._stack.say(name, before.made.id, before.type, "UPDATE_IN_PROGRESS")

        def undo() -> None:
            self._work.update(name, self._standing(name, properties, before.made), before.properties)
            self._stack.resources[name] = before
            self._stack.say(name, before.made.id, before.type, "UPDATE_COMPLETE")

        self._undo.append(undo)
        made = self._work.update(name, before, properties)
        self._stack.resources[name] = self._standing(name, properties, made)
        self._stack.say(name, made.id, before.type, "UPDATE_COMPLETE")

    def _delete_again(self, name: str, standing: Standing, *, retained: bool) -> None:
        if not self._work.leave(name, standing, retained=retained):
            raise TemplateError(f"The following resource(s) failed to delete: [{name}].")

    def _hold_against_importers(self, outputs: list[dict[str, str]]) -> None:
        after = {each["ExportName"]: each["OutputValue"] for each in outputs if "ExportName" in each}
        for name, value in self._stack.exports.items():
            importers = ", ".join(self._store.importers(name))
            if importers and name not in after:
                raise TemplateError(f"Export {name} cannot be deleted as it is in use by {importers}")
            if importers and after[name] != value:
                raise TemplateError(f"Export {name} cannot be updated as it is in use by {importers}")
        for name in after:
            exporter = self._store.exporter(name)
            if exporter is not None and exporter is not self._stack:
                raise TemplateError(f"Export with name {name} is already exported by stack {exporter.name}.")

    def _clean_up(self) -> None:
        """Delete what was replaced, and what the template no longer has, the last made first."""
        self._stack.updated = now() if self._kind == "UPDATE" else None
        if self._kind == "UPDATE":
            self._stack.become("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        for name, before in reversed(self._leaving):
            self._work.leave(name, before, retained=before.retained_when_replaced)
        for name in [each for each in self._stack.resources if each not in self._wanted.resources][::-1]:
            standing = self._stack.resources.pop(name)
            self._work.leave(name, standing, retained=standing.retained)

    def _roll_back(self, why: str) -> None:
        start = "UPDATE_ROLLBACK" if self._kind == "UPDATE" else "ROLLBACK"
        self._stack.become(f"{start}_IN_PROGRESS", why)
        for undo in reversed(self._undo):
            try:
                undo()
            except Exception as error:  # noqa: BLE001 - CloudFormation stops here as well, and says so
                self._stack.become(f"{start}_FAILED", reason(error))
                return
        self._stack.become(f"{start}_COMPLETE")
