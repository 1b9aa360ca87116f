"""The search for a model: what each trial of a tuning job, or candidate of an AutoML job, reached with what."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.charts.trials import Point, trials
from cli.report.markup import Content, Html, markup, tag
from cli.report.material import Material
from cli.report.searches import Range, Search, Trial
from cli.report.sections.parts import pair, section, table
from cli.report.states import badge
from cli.report.wording import clip, duration, figure, metric_name, plural

_OPEN, _MOST_ROWS = 20, 1000
_MOST_COLUMNS = 8
_MOST_SEARCHES = 8
_DIGITS = 6  # the trials of a good search end close together


def search(material: Material) -> Html | None:
    """Draw objective by trial, the ranges that were searched and the ranking; a section for each search."""
    found = [_section(number, each) for number, each in enumerate(material.searches[:_MOST_SEARCHES], start=1)]
    left = len(material.searches) - len(found)
    note = (
        tag("p", f"{plural(left, 'more search is', 'more searches are')} not shown.", class_="note") if left else None
    )
    return markup(found, note) or None


def _section(number: int, found: Search) -> Html | None:
    objective = _objective(found)
    points = [
        Point(trial.number, trial.objective, trial.status == "Completed")
        for trial in found.trials
        if trial.objective is not None
    ]
    heading = f"{objective} by {found.noun}"
    return section(
        f"search-{number}",
        f"{'Tuning' if found.noun == 'trial' else 'Candidates'}: {clip(found.step, 60)}",
        tag("p", _sentence(found, objective)),
        pair(trials(f"trials-{number}", heading, found.noun, objective, points, found.minimize), _searched(found)),
        _ranking(found, objective),
    )


def _objective(found: Search) -> str:
    return metric_name(clip(found.metric.rpartition(":")[2], 60)) or "Objective"


def _sentence(found: Search, objective: str) -> str:
    words = plural(len(found.trials), found.noun, f"{found.noun}s")
    how = f"{clip(found.strategy, 40)}: {words}" if found.strategy else words
    direction = "lowest" if found.minimize else "highest"
    counts = {status: sum(trial.status == status for trial in found.trials) for status in ("Stopped", "Failed")}
    cut = "".join(f", {count} {status.lower()}" for status, count in counts.items() if count)
    named = f" ({clip(found.metric, 100)})" if ":" in found.metric else ""
    return f"{how}{cut}, for the {direction} {objective}{named}."


def _searched(found: Search) -> Html | None:
    best = found.best()
    rows = [_range(each, best) for each in found.ranges[:_MOST_ROWS]]
    shown = table(("Hyperparameter", "Searched", "Best"), rows, "stacked ranges")
    return tag("figure", tag("figcaption", "What was searched"), shown) if shown else None


def _range(found: Range, best: Trial | None) -> list[Content]:
    return [
        clip(found.name, 60),
        markup(clip(found.choices, 200), tag("small", ", ".join(filter(None, (found.kind, found.scale))))),
        _value(best.given.get(found.name, "") if best else ""),
    ]


def _ranking(found: Search, objective: str) -> list[Html | None]:
    given = dict.fromkeys(name for trial in found.trials for name in trial.given)
    names = [each.name for each in found.ranges if each.name in given]
    names += [name for name in given if name not in names]
    columns = [clip(name, 60) for name in names]
    if len(names) > _MOST_COLUMNS:
        columns = ["Hyperparameters"]
    rows = [
        [
            markup(str(trial.number), tag("small", clip(trial.name, 80))),
            "–" if trial.objective is None else figure(trial.objective, _DIGITS),
            badge(trial.status),
            "" if trial.seconds is None else duration(trial.seconds),
            *_given(trial, names),
        ]
        for trial in found.ranked()[:_MOST_ROWS]
    ]
    heads = (found.noun.title(), objective, "State", "Time", *columns)
    shown = table(heads, rows[:_OPEN], "stacked trials")
    rest = table(heads, rows[_OPEN:], "stacked trials")
    more = plural(len(rows) - _OPEN, f"more {found.noun}", f"more {found.noun}s")
    return [
        tag("figure", tag("figcaption", "Ranking"), shown, class_="ranking") if shown else None,
        tag("details", tag("summary", more), rest) if rest else None,
    ]


def _given(trial: Trial, names: Sequence[str]) -> list[Content]:
    if len(names) > _MOST_COLUMNS:
        return [", ".join(f"{clip(name, 60)} {_text(trial.given[name])}" for name in names if name in trial.given)]
    return [_value(trial.given.get(name, "")) for name in names]


def _value(given: str) -> Content:
    shown = _text(given)
    return tag("span", shown, title=clip(given, 300)) if shown != given else shown


def _text(given: str) -> str:
    """Write a number with the digits that matter; the service hands hyperparameters out as text."""
    try:
        return figure(float(given)) if len(given) > 6 else clip(given, 40)
    except (ValueError, OverflowError):
        return clip(given, 40)
