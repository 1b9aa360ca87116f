"""What was fitted for each input column, and the feature columns that come of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, ClassVar

from inference.cells import cell_level, cell_truth, digest_of_level, parse_number
from inference.dates import PARTS


class FeaturesError(Exception):
    """features.json is not what this code reads, or a row does not fit it; the text is a whole sentence."""


def numbers_among(tokens: Iterable[str]) -> frozenset[float]:
    """The missing tokens that are numbers, such as -999: a number equal to one is missing however it is spelt."""
    return frozenset(number for token in tokens if (number := parse_number(token)) is not None)


def spelling(column: str, *, boolean: bool = False, hashed: bool = False) -> Callable[[object], str]:
    """What gives the level of a cell of a column; yes and no are hidden by no digest."""
    if boolean:
        return cell_truth
    return partial(_hashed, column=column) if hashed else cell_level


def _hashed(cell: object, column: str) -> str:
    return digest_of_level(cell_level(cell), column)


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number: the median where missing, clipped to low..high, standardised; an indicator where training had gaps.

    `also_missing` are texts in this column that are no numbers and were read as missing when the data was prepared.
    `decimal` says how its texts are written, as for `inference.cells.parse_written`; empty for plain numbers.
    """

    type: ClassVar[str] = "numeric"
    name: str
    median: float
    low: float
    high: float
    mean: float
    deviation: float
    indicator: bool = False
    also_missing: tuple[str, ...] = ()
    decimal: str = ""

    def features(self) -> list[str]:
        """Names of the feature columns."""
        return [self.name, f"{self.name} is missing"] if self.indicator else [self.name]

    def check(self) -> None:
        """Raise ValueError where the numbers cannot be used."""
        values = (self.median, self.low, self.high, self.mean, self.deviation)
        if not all(isinstance(value, int | float) and math.isfinite(value) for value in values):
            raise ValueError("holds a number that is not finite")
        if self.low > self.high or self.deviation <= 0:
            raise ValueError("has bounds the wrong way round or a deviation that is not above zero")
        if self.decimal not in ("", ".", ","):
            raise ValueError(f"writes its fractions after {self.decimal!r}")


@dataclass(frozen=True, slots=True)
class Categorical:
    """A category: one column per level; `other` for rare and unseen levels, `missing` where training had gaps.

    Without an `other` column (training had no rare level) an unseen level leaves every column at zero. In a `boolean`
    column the levels are `true` and `false`, however cells spell them. In a `hashed` one, which is personal, they are
    digests.
    """

    type: ClassVar[str] = "categorical"
    name: str
    levels: tuple[str, ...]
    other: bool = False
    missing: bool = False
    boolean: bool = False
    hashed: bool = False

    @property
    def spell(self) -> Callable[[object], str]:
        """What gives the level of a cell."""
        return spelling(self.name, boolean=self.boolean, hashed=self.hashed)

    def features(self) -> list[str]:
        """Names of the feature columns."""
        names = [f"{self.name}={level}" for level in self.levels]
        names += [f"{self.name} is another"] if self.other else []
        return names + ([f"{self.name} is missing"] if self.missing else [])

    def check(self) -> None:
        """Raise ValueError where the levels cannot be used."""
        if not all(isinstance(level, str) for level in self.levels) or len(set(self.levels)) != len(self.levels):
            raise ValueError("has a level twice, or one that is not text")

    def slots(self) -> tuple[dict[str, int], int, int]:
        """The place of each level, of every other one and of a missing cell within `features()`; -1 for none."""
        places = {level: place for place, level in enumerate(self.levels)}
        other = len(self.levels) if self.other else -1
        return places, other, (len(self.levels) + self.other if self.missing else other)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A category of many levels: for each of them the numbers that it stands for, standardised.

    `outputs` names the numbers, `values` holds those of each level, `other` those of rare and unseen levels, and
    `absent` those of a missing cell. In a `hashed` column, which is personal, levels are digests.
    """

    type: ClassVar[str] = "encoded"
    name: str
    outputs: tuple[str, ...]
    levels: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    other: tuple[float, ...]
    absent: tuple[float, ...]
    hashed: bool = False

    @property
    def spell(self) -> Callable[[object], str]:
        """What gives the level of a cell."""
        return spelling(self.name, hashed=self.hashed)

    def features(self) -> list[str]:
        """Names of the feature columns."""
        return [f"{self.name} {output}" for output in self.outputs]

    def check(self) -> None:
        """Raise ValueError where the levels or their numbers cannot be used."""
        if not all(isinstance(level, str) for level in self.levels) or len(set(self.levels)) != len(self.levels):
            raise ValueError("has a level twice, or one that is not text")
        rows = (*self.values, self.other, self.absent)
        if len(self.values) != len(self.levels) or any(len(row) != len(self.outputs) for row in rows):
            raise ValueError("does not have as many numbers as levels and outputs")
        if not self.outputs or not all(isinstance(x, int | float) and math.isfinite(x) for row in rows for x in row):
            raise ValueError("holds a number that is not finite")


@dataclass(frozen=True, slots=True)
class Dates:
    """A date, expanded into `parts`, each standardised; of a missing one the parts' medians.

    `lows` and `highs` hold those parts to what training saw that go on rising. `day_first` says how `3/4/2024` is
    meant, and is None where such dates say nothing.
    """

    type: ClassVar[str] = "date"
    name: str
    parts: tuple[str, ...]
    medians: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    day_first: bool | None = None
    indicator: bool = False
    also_missing: tuple[str, ...] = ()

    def features(self) -> list[str]:
        """Names of the feature columns."""
        names = [f"{self.name} {part}" for part in self.parts]
        return [*names, f"{self.name} is missing"] if self.indicator else names

    def check(self) -> None:
        """Raise ValueError where the parts or their numbers cannot be used."""
        rows = (self.medians, self.lows, self.highs, self.means, self.deviations)
        if not self.parts or not set(self.parts) <= set(PARTS) or any(len(row) != len(self.parts) for row in rows):
            raise ValueError("has parts of a date that there are not")
        if not all(isinstance(x, int | float) and math.isfinite(x) for row in rows for x in row):
            raise ValueError("holds a number that is not finite")
        if any(low > high for low, high in zip(self.lows, self.highs, strict=True)) or min(self.deviations) <= 0:
            raise ValueError("has bounds the wrong way round or a deviation that is not above zero")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A column of the raw rows that no feature is made of."""

    type: ClassVar[str] = "ignored"
    name: str
    reason: str

    def features(self) -> list[str]:
        """No feature columns."""
        return []

    def check(self) -> None:
        """Nothing to hold against anything."""


Column = Numeric | Categorical | Encoded | Dates | Ignored
_TYPES: dict[str, Callable[..., Column]] = {kind.type: kind for kind in (Numeric, Categorical, Encoded, Dates, Ignored)}


def column_to_json(column: Column) -> dict[str, Any]:
    """A column as it stands in features.json."""
    found = {"type": column.type, **asdict(column)}
    if not found.get("hashed", True):
        del found["hashed"]  # What readers before this setting know not, and few columns need.
    return found


def column_from_json(raw: object, place: str) -> Column:
    """The column that an entry of features.json describes; `place` names the entry in error messages."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
        raise FeaturesError(f"features.json: {place} is not a column with a name; prepare the data again.")
    kind = _TYPES.get(str(raw.get("type")))
    if kind is None:
        raise FeaturesError(
            f"features.json: {place} has the type {raw.get('type')!r}, which this version does not know."
        )
    values = {key: _frozen(value) for key, value in raw.items() if key != "type"}
    try:
        column = kind(**values)
        column.check()
    except (TypeError, ValueError) as error:
        raise FeaturesError(f"features.json: {place} ({raw['name']}) cannot be used: {error}.") from error
    return column


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
