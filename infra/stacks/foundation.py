"""What the stacks stand on that pipelines, endpoints and notebooks are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from config.environment import Environment
from config.problem import Problem
from infra import names
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.function import Function
from infra.constructs.policy import Permission
from infra.permissions.place import Place
from infra.stacks.data import DataStack
from infra.stacks.environment_stack import EnvironmentStack
from infra.stacks.identity import IdentityStack
from infra.stacks.network import NetworkStack


@dataclass(frozen=True)
class Foundation:
    """An environment and its problems, and the stacks that all others build on."""

    environment: Environment
    problems: tuple[Problem, ...]
    data: DataStack
    network: NetworkStack
    identity: IdentityStack


class FoundedStack(EnvironmentStack):
    """A stack that is given a foundation, and may have functions."""

    def __init__(self, scope: Construct, id_: str, foundation: Foundation, *, description: str) -> None:
        super().__init__(scope, id_, environment=foundation.environment, description=description)
        self._problems = foundation.problems
        self._data, self._network, self._identity = foundation.data, foundation.network, foundation.identity
        self._functions_place = Place(
            self, self._network.subnet_ids, [self._network.function_security_group_id], vpc_id=None
        )

    def _function(
        self,
        name: str,
        description: str,
        allowed: Sequence[Permission],
        *,
        module: str | None = None,
        timeout_seconds: int = 60,
        one_at_a_time: bool = False,
        environment: Mapping[str, str] | None = None,
        dead_letters: DeadLetters | None = None,
    ) -> Function:
        """Make a function as the environment's settings say; its module has its name, unless it is given another."""
        settings = self._environment.pipelines
        return Function(
            self,
            "".join(part.capitalize() for part in name.split("-")),
            name=names.function_name(name),
            module=module or name.replace("-", "_"),
            description=description,
            permissions=allowed,
            network=self._network,
            operations_key=self._data.operations_key,
            log_days=settings.log_days,
            reserved_concurrency=1 if one_at_a_time else settings.reserved_concurrency,
            timeout_seconds=timeout_seconds,
            environment=environment,
            dead_letters=dead_letters.queue if dead_letters is not None else None,
        )
