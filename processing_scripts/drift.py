"""The drift check: rows that endpoints captured against what the columns held when the model was trained.

By hand, with captured JSON Lines below in/captured and Prepare's profile/baseline.json in in/baseline:
    python -m processing_scripts.drift --input in --output out
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from inference.job import JobError, run
from processing_scripts.drifting.baseline import Baseline, load_baseline
from processing_scripts.drifting.captured import Captured, read_captured
from processing_scripts.drifting.columns import Finding, Thresholds, compare

FORMAT_VERSION = 1
_CHANCE = 0.01
"""How often a check of data that has not changed may find drift all the same, over all comparisons together."""
_COMPARISONS = 3  # PSI, KS or unseen levels, and the missing share
_LONGEST_SUMMARY = 400
_NAMED = 5


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Give the mistake as a sentence, so that it reaches the job's exit message."""
        raise JobError(f"{message}.")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the arguments in `argv`."""
    run("MeasureDrift", argv, lambda arguments: drift(_parse(arguments)))


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(prog="drift", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--input", type=Path, required=True, help="folder of captured and baseline")
    add("--output", type=Path, required=True, help="folder for drift")
    add("--psi", type=_share, default=0.2, help="population stability index that is drift when exceeded")
    add("--ks", type=_share, default=0.15, help="Kolmogorov-Smirnov distance that is drift when exceeded")
    add("--missing", type=_share, default=0.1, help="change of the missing share that is drift when exceeded")
    add("--unseen", type=_share, default=0.05, help="share of unseen categories that is drift when exceeded")
    add("--least-rows", type=int, default=200, help="with fewer captured rows nothing is compared")
    return parser.parse_args(argv)


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 100:
        raise ValueError(text)
    return value


def drift(options: argparse.Namespace) -> None:
    """Read, compare, write; raises JobError where the baseline cannot be used."""
    baseline = load_baseline(options.input / "baseline")
    if baseline is None:
        found = _report("no model", "No model was approved yet, so there is nothing to compare with.")
    else:
        found = _measured(options, baseline)
    print(found["summary"])
    folder = options.output / "drift"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    (folder / ".drift.json").write_text(text, encoding="utf-8")
    (folder / ".drift.json").replace(folder / "drift.json")


def _measured(options: argparse.Namespace, baseline: Baseline) -> dict[str, Any]:
    captured = read_captured(options.input / "captured", baseline)
    if captured.rows < options.least_rows:
        enough = f"{captured.rows} rows were captured, and {options.least_rows} are needed to compare."
        return _report("too few rows", enough, captured)
    thresholds = Thresholds(
        psi=options.psi,
        ks=options.ks,
        missing=options.missing,
        unseen=options.unseen,
        chance=_CHANCE / (_COMPARISONS * len(baseline.columns)),
    )
    findings = [
        compare(column, captured.cells[column.name], baseline.missing_tokens, thresholds) for column in baseline.columns
    ]
    return _report("measured", _summary(findings, captured.rows), captured, findings)


def _report(
    status: str, summary: str, captured: Captured | None = None, findings: Sequence[Finding] = ()
) -> dict[str, Any]:
    """The content of drift.json."""
    if captured is None:
        captured = Captured({})
    return {
        "format_version": FORMAT_VERSION,
        "status": status,
        "summary": summary,
        "drifted_columns": sum(bool(finding.drifted) for finding in findings),
        "files": captured.files,
        "requests": captured.requests,
        "unreadable_requests": captured.unreadable,
        "rows": captured.rows,
        "from": captured.times[0] or None,
        "to": captured.times[1] or None,
        "columns": [{"name": finding.name, **finding.measures, "drifted": finding.drifted} for finding in findings],
    }


def _summary(findings: Sequence[Finding], rows: int) -> str:
    """One sentence for the person who is told."""
    drifted = [finding for finding in findings if finding.drifted]
    if not drifted:
        return f"None of {len(findings)} columns has drifted in {rows} captured rows."
    named = "; ".join(f"{finding.name[:60]}: {', '.join(finding.drifted)}" for finding in drifted[:_NAMED])
    more = f"; and {len(drifted) - _NAMED} more" if len(drifted) > _NAMED else ""
    start = f"{len(drifted)} of {len(findings)} columns have drifted in {rows} captured rows"
    return f"{start} ({named}{more})."[:_LONGEST_SUMMARY]


if __name__ == "__main__":
    main()
