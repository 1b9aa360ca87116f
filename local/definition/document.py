"""The parts of a definition as values: parameters, steps with their branches and loops, and the definition itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from local.definition import graph
from local.definition.findings import Json, Where
from local.definition.references import Reference, references

# Members of a step's Arguments that hold steps of their own: what those refer to is theirs, not the holder's.
NESTED_STEPS = frozenset({"IfSteps", "ElseSteps", "ForEachBody"})

TRIGGERS = ("Completed", "Failed", "Stopped", "Any")
"""What a dependency may wait for. Source: the SageMaker Python SDK's `TriggerCondition`."""


@dataclass(frozen=True)
class Parameter:
    """A pipeline parameter; `default` is None when a value must be given at the start."""

    name: str
    type: str = "String"
    default: Json = None
    enum: tuple[Json, ...] = ()
    description: str = ""
    where: Where = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class PropertyFile:
    """A JSON file in a processing output that expressions read by name."""

    name: str
    output_name: str
    path: str


@dataclass(frozen=True)
class CacheConfig:
    """A step's cache setting; `expire_after` is an ISO 8601 duration such as `P30D`, or None for no expiry."""

    enabled: bool
    expire_after: str | None = None


@dataclass(frozen=True)
class Step:
    """One step, wherever it stands in the document.

    `arguments` is what the definition says, branches included (`own_arguments` leaves them out); `depends_on` holds
    explicit dependencies only, trigger by step name; `branch` names the innermost condition step around this one and
    whether it stands in its IfSteps; `loop` names the ForEach step whose body it belongs to; `settings` holds the
    members that a step type keeps beside Arguments, such as a Lambda step's FunctionArn.
    """

    name: str
    type: str
    arguments: dict[str, Json]
    depends_on: dict[str, str] = field(default_factory=dict)
    branch: tuple[str, bool] | None = None
    property_files: dict[str, PropertyFile] = field(default_factory=dict)
    cache: CacheConfig | None = None
    display_name: str | None = None
    description: str | None = None
    retry_policies: tuple[dict[str, Json], ...] = ()
    path: str = ""
    index: int = 0
    loop: str | None = None
    settings: dict[str, Json] = field(default_factory=dict)
    raw: dict[str, Json] = field(default_factory=dict, compare=False, repr=False)
    where: Where = field(default=(), compare=False, repr=False)

    @cached_property
    def own_arguments(self) -> dict[str, Json]:
        """The arguments without the steps nested in them."""
        if self.type not in ("Condition", "ForEach"):
            return self.arguments
        return {key: value for key, value in self.arguments.items() if key not in NESTED_STEPS}

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Everything this step itself refers to; places are relative to the step."""
        return tuple(references({**self.settings, "Arguments": self.own_arguments}))


@dataclass(frozen=True)
class Definition:
    """A definition that was read: its steps are flattened, in document order, by name.

    The bodies of ForEach steps are templates and stand apart in `loop_steps`.
    """

    version: str
    parameters: dict[str, Parameter]
    steps: dict[str, Step]
    raw: Mapping[str, Json] = field(repr=False)
    loop_steps: dict[str, Step] = field(default_factory=dict)

    @cached_property
    def _dependencies(self) -> dict[str, dict[str, str]]:
        return graph.dependencies(self.steps, self.loop_steps)

    def dependencies(self, name: str) -> dict[str, str]:
        """What a step waits for: the trigger (`Completed`, `Failed`, `Stopped`, `Any`) by step name.

        Holds the explicit dependencies, the steps that its own references read, and the condition step around it.
        """
        return self._dependencies[name]

    def adopt(self, loop: str, children: Iterable[Step]) -> None:
        """Take in the steps that a loop makes while it runs; they stand behind it, in place of those made before."""
        made = {child.name: child for child in children}
        flat = {name: step for name, step in self.steps.items() if name not in made}
        self.steps.clear()
        for name, step in flat.items():
            self.steps[name] = step
            if name == loop:
                self.steps.update(made)
        self.__dict__.pop("_dependencies", None)

    def every_step(self) -> Iterator[Step]:
        """All steps, those in ForEach bodies included."""
        yield from self.steps.values()
        yield from self.loop_steps.values()
