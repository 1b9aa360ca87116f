"""Metrics out of a growing log."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.jobs.metrics import MAX_LINE, MetricScraper

AUC = [{"Name": "auc", "Regex": "auc[:=]([0-9.eE+-]+|nan)"}]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "log").write_text("auc=0.1 of an earlier attempt\n")
    return tmp_path / "log"


def scraper(log: Path, definitions: list[dict[str, str]] | None = None) -> MetricScraper:
    return MetricScraper(AUC if definitions is None else definitions, log, log.stat().st_size)


def add(log: Path, text: str) -> None:
    with log.open("a") as handle:
        handle.write(text)


def test_lines_count_once_they_are_whole(log: Path) -> None:
    metrics = scraper(log)
    add(log, "auc=0.5\nauc=0.")
    metrics.read(1.0)
    add(log, "75\n")
    metrics.read(2.0)

    assert metrics.series == {"auc": [[1.0, 0.5], [2.0, 0.75]]}


def test_the_last_line_needs_no_end(log: Path) -> None:
    metrics = scraper(log)
    add(log, "auc=0.5")
    metrics.read(1.0)
    assert metrics.series == {}

    assert metrics.read(2.0, last=True)
    assert metrics.series == {"auc": [[2.0, 0.5]]}


def test_what_is_no_finite_number_is_left_out(log: Path) -> None:
    metrics = scraper(log)
    add(log, "auc=nan\nauc=1.2.3\nauc=-\nauc=1e-3\n")
    metrics.read(1.0)

    assert metrics.series == {"auc": [[1.0, 0.001]]}


def test_a_line_may_hold_several_metrics_and_bytes_that_are_no_text(log: Path) -> None:
    metrics = scraper(log, [*AUC, {"Name": "loss", "Regex": "loss:([0-9.]+)"}, {"Name": "bad", "Regex": "("}])
    with log.open("ab") as handle:
        handle.write(b"\xff auc:0.5 loss:0.25\r\n")
    metrics.read(1.0)

    assert metrics.series == {"auc": [[1.0, 0.5]], "loss": [[1.0, 0.25]]}


def test_a_huge_line_is_cut(log: Path) -> None:
    metrics = scraper(log)
    add(log, "x" * MAX_LINE + "auc=0.5\nauc=0.75\n")
    metrics.read(1.0)

    assert metrics.series == {"auc": [[1.0, 0.75]]}
