"""What the section of a search says of its trials."""

from __future__ import annotations

from cli.report.markup import Html
from cli.report.searches import Range, Search, Trial
from cli.report.sections.search import search
from tests.cli.report.examples import Page, material


def tuning(*trials: Trial, minimize: bool = False, ranges: tuple[Range, ...] = ()) -> Search:
    return Search("Tune", "trial", "Bayesian", "objective:auc", minimize, ranges, trials)


def trial(number: int, objective: float | None, status: str = "Completed", **given: str) -> Trial:
    return Trial(number, f"job-{number:03d}", status, objective, 2.0, given)


def drawn(*searches: Search) -> Page:
    made = search(material(searches=searches))
    assert isinstance(made, Html)
    return Page(made)


def words(page: Page) -> str:
    return " ".join(page.text.split())


def ranking(page: Page) -> list[str]:
    return [word for word in words(page).partition("Ranking")[2].split() if word.startswith("job-")]


def test_an_execution_that_searched_nothing_has_no_such_section() -> None:
    assert search(material()) is None


def test_trials_are_ranked_and_those_cut_short_or_without_a_value_follow() -> None:
    found = [trial(1, 0.8), trial(2, 0.9), trial(3, 0.95, "Stopped"), trial(4, None, "Failed"), trial(5, 0.9)]
    page = drawn(tuning(*found))
    assert ranking(page) == ["job-002", "job-005", "job-001", "job-003", "job-004"]
    assert "Bayesian: 5 trials, 1 stopped, 1 failed, for the highest AUC (objective:auc)" in words(page)
    assert ranking(drawn(tuning(*found, minimize=True)))[0] == "job-001"


def test_the_ranges_stand_beside_the_best_values() -> None:
    ranges = (Range("eta", "continuous", "0.01 to 0.3", "logarithmic"), Range("depth", "integer", "2 to 8", "auto"))
    found = [trial(1, 0.8, eta="0.1", depth="3"), trial(2, 0.9, depth="4", eta="0.17325612345")]
    shown = words(drawn(tuning(*found, ranges=ranges)))
    assert "eta 0.01 to 0.3 continuous, logarithmic 0.1733" in shown
    assert "depth 2 to 8 integer, auto 4" in shown
    assert "Trial AUC State Time eta depth 2 job-002 0.9 Completed 2.0 s 0.1733 4" in shown


def test_many_hyperparameters_share_a_column() -> None:
    given = {f"p{number}": "1.5" for number in range(9)}
    shown = words(drawn(tuning(trial(1, 0.8, **given))))
    assert "State Time Hyperparameters" in shown
    assert "p0 1.5, p1 1.5" in shown


def test_long_rankings_are_folded() -> None:
    page = drawn(tuning(*(trial(number, number / 50) for number in range(1, 31))))
    assert "10 more trials" in words(page)
    assert "details" in page.names()


def test_candidates_are_called_so_and_have_no_ranges() -> None:
    found = Search("Auto", "candidate", "AutoML", "F1", False, (), (trial(1, 0.8, model="xgboost"),))
    shown = words(drawn(found))
    assert "Candidates: Auto" in shown
    assert "Candidate F1 State Time model" in shown
    assert "What was searched" not in shown


def test_a_search_without_any_value_has_a_table_and_no_chart() -> None:
    page = drawn(tuning(trial(1, None, "Failed")))
    assert "svg" in page.names()  # the sign of the state
    assert "trials-1-title" not in page.ids()
    assert "1 job-001 – Failed" in words(page)


def test_two_searches_are_two_sections() -> None:
    assert {"search-1", "search-2", "trials-1-title", "trials-2-title"} <= drawn(
        tuning(trial(1, 0.5)), tuning(trial(1, 0.5))
    ).ids()
