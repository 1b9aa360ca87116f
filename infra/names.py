"""What stacks are called in an account."""

from __future__ import annotations

PREFIX = "sageline"


def stack_name(environment: str, stack: str) -> str:
    """Return a stack's name in the account, such as ``sageline-dev-data``."""
    return f"{PREFIX}-{environment.replace('_', '-')}-{stack.lower()}"


def alias(environment: str, domain: str) -> str:
    """Return the alias of a domain's key, such as ``alias/sageline/dev/data``."""
    return f"alias/{PREFIX}/{environment}/{domain}"


def function_name(name: str) -> str:
    """Return a function's name in the account, such as ``sageline-find-champion``.

    An environment has its account and region to itself, and the laptop finds the functions of a deployed definition by
    their names.
    """
    return f"{PREFIX}-{name}"


def endpoint_name(problem: str) -> str:
    """Return the name of the endpoint that serves what was approved, such as ``live-sageline-wine``.

    It does not start as the pipeline's own endpoints do: no problem's candidate has it, and whoever may change
    candidates, ``sageline-*``, may not change this one.
    """
    return f"live-{PREFIX}-{problem.replace('_', '-')}"
