"""The engine's way into expressions: what they refer to, what they stand for, and how conditions are decided."""

from __future__ import annotations

from local.definition.conditions import COMPARISONS, evaluate
from local.definition.functions import Context, ExpressionError, resolve
from local.definition.references import EXECUTION_VARIABLES, Reference, references

__all__ = [
    "COMPARISONS",
    "EXECUTION_VARIABLES",
    "Context",
    "ExpressionError",
    "Reference",
    "evaluate",
    "references",
    "resolve",
]
