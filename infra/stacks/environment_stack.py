"""What all stacks of an environment have in common."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from config.environment import Environment
from infra import names


class EnvironmentStack(cdk.Stack):
    """A stack that is called after its environment, and protected where the environment is.

    Its name in the account is made of the environment's and ``id_``: ``sageline-dev-data``.
    """

    def __init__(self, scope: Construct, id_: str, *, environment: Environment, description: str) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=names.stack_name(environment.name, id_),
            description=f"Sageline: {description}",
            termination_protection=environment.protected,
        )
        self._environment = environment
