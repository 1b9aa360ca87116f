"""What the training rows say: the target, the split, every column's fit, the notes and the profile of it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.cells import missing_tokens
from inference.columns import Ignored
from inference.features import Features
from inference.job import JobError
from inference.personal import masked, without_personal
from processing_scripts.columns import Summary
from processing_scripts.drifting.baseline import BASELINE_FILE, baseline
from processing_scripts.fitting.encoding import FoldTable
from processing_scripts.fitting.spill import Spill
from processing_scripts.preparing.columns import Planned, UnusedColumn, plan
from processing_scripts.preparing.contract import Inspection
from processing_scripts.preparing.earlier import earlier_features
from processing_scripts.preparing.gathering import Gathering
from processing_scripts.preparing.options import Options
from processing_scripts.preparing.profile import profile
from processing_scripts.preparing.selection import select
from processing_scripts.preparing.splits import Splitter
from processing_scripts.preparing.splitting import LEFT_OUT, SPLITS, TRAIN
from processing_scripts.preparing.target import Target, decide
from processing_scripts.preparing.training import FOLDS, Training
from processing_scripts.preparing.units import folds
from processing_scripts.preparing.writing import Outputs

_HOLDS = {"numeric": "numbers", "date": "dates"}


class Rows(Protocol):
    """All rows of a table in their order, read as often as they are asked for."""

    @property
    def inspection(self) -> Inspection | None:
        """What was found of rows that break the problem's contract and are left out, once all rows were read."""

    @property
    def known_after_labelling(self) -> Sequence[str]:
        """Columns that nothing may be learned from, since only labelled rows have them."""

    @property
    def renamed(self) -> Sequence[str]:
        """Names that several columns have, all but the first of which are known by another."""

    def batches(self) -> Iterator[tuple[int, Any]]:
        """Every batch with the number of its first row, from 0."""


@dataclass(frozen=True)
class Fitted:
    """Everything that was decided and fitted; `splits` gives the split of every row of the table."""

    features: Features
    target: Target
    splits: NDArray[np.uint8]
    summaries: Mapping[str, Summary]
    planned: Mapping[str, Planned]
    notes: list[str]
    folds: NDArray[np.uint8]
    inspection: Inspection | None = None
    ranking: list[dict[str, Any]] = field(default_factory=list)
    timed: str | None = None
    """The column whose times split the rows, which cannot be spread alike."""
    earlier: bool = False
    """Whether the features are an earlier model's."""
    suspicions: list[str] = field(default_factory=list)

    def fold_tables(self) -> dict[str, FoldTable]:
        """What training rows are given in columns that the target encodes, by the column's name."""
        tables = {column.name: self.planned[column.name].fold_table for column in self.features.used}
        return {name: table for name, table in tables.items() if table is not None}

    def write(self, outputs: Outputs, samples: Sequence[Mapping[str, Any]]) -> None:
        """Write features.json with sample rows beside it, the profile, and what drift is measured against."""
        outputs.write_json("features/features.json", self.features.to_json())
        shown = [without_personal(row, self.features.personal) for row in samples]
        outputs.write_json("features/sample_rows.json", shown)
        found, columns = profile(
            self.features, self.target, self.splits, self.summaries, self.planned, self.notes, self.timed
        )
        if self.inspection is not None:
            found["contract"] = self.inspection.profile()
            outputs.path("profile/rejected.csv").write_text(self.inspection.rejected_csv(), encoding="utf-8")
        if self.ranking:
            found["selection"] = self.ranking
        self.suspicions.extend(found["suspicions"])
        outputs.write_json("profile/profile.json", found)
        outputs.write_json(f"profile/{BASELINE_FILE}", baseline(self.features, columns))

    def say(self) -> None:
        """Print what came out, for a person who reads the log."""
        sizes = ", ".join(f"{np.sum(self.splits == place)} {name}" for place, name in enumerate(SPLITS))
        left_out = int(np.sum(self.splits == LEFT_OUT))
        print(f"Rows: {sizes}{f', {left_out} left out' if left_out else ''}.")
        names, used = self.features.feature_names(), self.features.used
        print(f"Features: {len(names)} of {len(used)} columns; {self.features.kind} problem.")
        for note in (*self.notes, *self.suspicions):
            print(note)


def fit(
    rows: Rows,
    options: Options,
    summaries: Mapping[str, Summary],
    cells: list[pa.Array],
    decoded: Mapping[str, Spill] | None = None,
) -> Fitted:
    """Decide by the summaries of all columns and the target's cells, then fit on the training rows.

    `decoded` holds the numbers of columns that need not be read again; `cells` is emptied, so that of many rows they
    do not take memory to the end.

    Raises JobError where the data does not allow it.
    """
    if not sum(map(len, cells)):
        raise JobError("the table has column names but no rows of data.")
    tokens = missing_tokens(options.missing)
    target = decide(
        options.target,
        pa.concat_arrays(cells),
        missing_tokens(options.missing, target=True),
        kind=options.kind,
        metric=options.metric,
        positive=options.positive,
    )
    cells.clear()
    settings = options.settings
    splitter = Splitter(settings.split, summaries, tokens, options.seed)
    planned = plan(summaries, _left_out(rows, options, splitter), tokens, settings, decoded or {})
    gathering = Gathering(planned)
    for start, batch in rows.batches():
        gathering.update(start, batch)
        splitter.update(batch)
    for name, leader in gathering.same_columns().items():
        planned[name] = UnusedColumn(name, f"holds the same as {leader} in every row")
    division = splitter.finish(target, gathering.same_rows(target))
    training = Training(
        rows=division.splits == TRAIN,
        folds=folds(division.first, division.splits.size, options.seed, FOLDS),
        target=target,
        name=options.target,
        settings=settings.features,
    )
    features = Features(
        kind=target.kind,
        target=options.target,
        metric=options.metric,
        labels=target.labels,
        columns=tuple(column.finish(training) for column in planned.values()),
        missing=tokens,
        data_version=options.data_version,
        seed=options.seed,
        personal=tuple(settings.personal),
    )
    ranking: list[dict[str, Any]] = []
    if options.like is not None:
        features = _like(options.like, features)
    elif features.used:
        selected = select(features, planned, training, settings.selection, options.seed)
        features, ranking = selected.features, selected.ranking
    set_aside = rows.inspection.notes() if rows.inspection is not None else []
    twice = [
        f"Several columns are called {name}; all but the first are known by a number beside it."
        for name in rows.renamed
    ]
    notes = [*twice, *set_aside, *target.notes, *division.notes, *_notes(features, summaries)]
    if not features.used:
        raise JobError(f"no column is left to learn from: {' '.join(notes)}")
    return Fitted(
        features,
        target,
        division.splits,
        summaries,
        planned,
        notes,
        folds=training.folds,
        inspection=rows.inspection,
        ranking=ranking,
        timed=settings.split.column if settings.split.by == "time" else None,
        earlier=options.like is not None,
    )


def _left_out(rows: Rows, options: Options, splitter: Splitter) -> dict[str, str]:
    """Why columns are left out whatever they hold."""
    splitting = dict([splitter.reason] if splitter.reason else [])
    after = dict.fromkeys(rows.known_after_labelling, "is known only once a row is labelled")
    return {**splitting, **after, **dict.fromkeys(options.drop, "is dropped by the problem file")}


def _like(path: Path, ours: Features) -> Features:
    """The features of an earlier preparation, for data that continues what they were fitted on."""
    theirs = earlier_features(path)
    for name in ("kind", "target", "labels"):
        if getattr(theirs, name) != getattr(ours, name):
            raise JobError(
                f"this data has the {name} {getattr(ours, name)!r}, and what it is to be prepared like "
                f"{getattr(theirs, name)!r}; prepare it anew."
            )
    strange = sorted(set(theirs.names) ^ set(ours.names))
    if strange:
        which = ", ".join(strange[:5])
        raise JobError(f"this data does not have the columns of what it is to be prepared like ({which}).")
    return replace(theirs, metric=ours.metric, data_version=ours.data_version, seed=ours.seed,
                   personal=ours.personal)  # fmt: skip


def _notes(features: Features, summaries: Mapping[str, Summary]) -> list[str]:
    notes = [f"The column {column.name} {column.reason}; it is left out." for column in features.columns
             if isinstance(column, Ignored)]  # fmt: skip
    for column in features.used:
        strays: Any = getattr(column, "also_missing", ())
        if strays:
            count = sum(count for _, count in summaries[column.name].strays)
            shown = masked(strays[0][:40], column.name, features.personal)
            start = f"The column {column.name} holds {_HOLDS[column.type]} but for {count} cells"
            notes.append(f"{start} such as {shown!r}, which are read as missing.")
    return notes
