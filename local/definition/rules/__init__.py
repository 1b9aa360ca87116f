"""The rules, one file each: every module here has a RULE, found by walking this package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from local.definition.rule import Rule


@cache
def every_rule() -> tuple[Rule, ...]:
    """All rules, in the order of their files' names.

    Raises:
        TypeError: a module of this package has no RULE.
    """
    rules = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        rule = getattr(importlib.import_module(f"{__name__}.{module.name}"), "RULE", None)
        if not isinstance(rule, Rule):
            raise TypeError(f"{__name__}.{module.name} has no RULE.")
        rules.append(rule)
    return tuple(rules)
