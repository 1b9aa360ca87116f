"""Keeps libraries from loading other libraries that nothing here uses.

XGBoost loads scikit-learn for its wrappers and pyarrow loads pandas to recognise its types, if they are installed, at
up to two seconds for each program. Both work without.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

UNUSED_IN_JOBS = ("pandas", "sklearn", "matplotlib")


class _Absent(MetaPathFinder):
    """Finds that some packages are not installed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  # the import system's signature
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Raise ImportError for the packages, leave others to the finders that follow."""
        if fullname in self._names:
            raise ModuleNotFoundError(f"{fullname} is not used here", name=fullname)
        return None


def keep_out(names: Sequence[str] = UNUSED_IN_JOBS) -> None:
    """Make the packages look absent for the rest of this program; for programs alone, not for what imports them."""
    sys.meta_path.insert(0, _Absent(names))


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Make the packages look absent for a while; what is loaded already stays so."""
    finder = _Absent(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
