"""What a problem's data must be like for anything to be learned from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from config.errors import Mistake
from config.fields import Settings, Texts, fits_argument, nothing_as_defaults


class Expected(Settings):
    """What the cells of one column must be; a missing cell breaks none of it but `missing`."""

    type: Literal["number", "whole", "boolean", "date", "text"] | None = Field(
        default=None, description="What every cell of the column called NAME must read as."
    )
    min: float | None = Field(default=None, description="The least number.")
    max: float | None = Field(default=None, description="The greatest number.")
    values: Texts = Field(default=(), description="All texts that there may be.")
    missing: float | None = Field(
        default=None, ge=0, le=1, description="The largest share of rows in which the cell may be missing."
    )


class Contract(Settings):
    """What the data must be like."""

    columns: Annotated[dict[str, Expected], BeforeValidator(nothing_as_defaults)] = Field(
        default_factory=dict, description="What is expected of columns, by name; each of them must be there."
    )
    only: bool = Field(default=False, description="Whether a column that is not named here breaks the contract.")
    bad_rows: Literal["fail", "set_aside"] = Field(
        default="fail",
        description="What becomes of rows with a cell that breaks the contract: Prepare fails and names them, or they "
        "are set aside, counted and written to `rejected.csv`.",
    )
    most_set_aside: float = Field(
        default=0.01, ge=0, le=0.5, description="The share of rows up to which they are set aside; with more, it fails."
    )


def contract_mistakes(contract: Contract | None, target: Any) -> Iterator[Mistake]:
    """Yield what is wrong within a contract, and between it and the target."""
    if contract is None:
        return
    for name, expected in contract.columns.items():
        path = f"contract.columns.{name}"
        if not fits_argument(name):
            yield Mistake(path, "a column cannot be called so here.", "Rename it in the data.")
        ranged = expected.min is not None or expected.max is not None
        if ranged and expected.type not in (None, "number", "whole"):
            yield Mistake(path, f"a {expected.type} has no `min` and `max`.", "Write `type: number`, or remove them.")
        if expected.min is not None and expected.max is not None and expected.min > expected.max:
            yield Mistake(path, f"`min` ({expected.min:g}) is above `max` ({expected.max:g}).", "Exchange them.")
    if contract.only and target is not None and target not in contract.columns:
        fix = f"Add `{target}: {{}}` under `contract.columns`, or remove `only`."
        yield Mistake("contract.only", f"the target `{target}` is not among the columns.", fix)
