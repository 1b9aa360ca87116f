"""The documents say what is so: links lead somewhere, examples run, and what is shown is what one sees."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.view.summary import summary_lines
from tests.support.command import share_definitions

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
# A step's line of the table that `sageline run` prints at its end.
ROW = re.compile(r"^[✓✗■●–·]  (\w+) +(\w+) +(succeeded|failed|stopped|not run)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        targets = [(page.parent / link).resolve() for link in links if link.endswith(".md")]
        ahead += [target for target in targets if target not in reached]
    assert set(PAGES) - reached == set()


EXAMPLES = [(page, code) for page in PAGES for code in PYTHON.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "code"), EXAMPLES, ids=[page.name for page, _ in EXAMPLES])
def test_every_python_example_runs(page: Path, code: str, tmp_path: Path) -> None:
    share_definitions(tmp_path)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), "SAGELINE_HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{page.name}: {done.stderr}"


def test_there_are_python_examples() -> None:
    assert EXAMPLES


_CAUSES = {"Fail": "QualityGate was true", "FailChampion": "ChampionGate was true"}


def test_the_readme_shows_the_table_that_a_run_prints() -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = ROW.findall(shown)
    assert next(name for name, _, _ in rows) == "Prepare"
    seconds = iter(re.findall(r"(\d+\.\d) s", shown))
    steps = [
        {
            "name": name,
            "type": kind,
            "status": {"not run": "NotExecuted"}.get(status, status.capitalize()),
            "seconds": None if status == "not run" else float(next(seconds)),
            "cache": {"result": "miss"} if kind in ("Processing", "Training") else None,
            "reason": f"{name} did not run: {_CAUSES.get(name, 'DeployGate was false')}.",
        }
        for name, kind, status in rows
    ]
    assert "\n".join(summary_lines({"steps": steps})) in shown
