"""The learning curve: a metric on training and validation rows, round by round."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.charts.frame import WIDTH, Axes, axes, drawing, figure, legend, path
from cli.report.charts.scale import drawable, spread
from cli.report.markup import Html, tag
from cli.report.wording import LOWER_IS_BETTER, metric_name, score

_MOST_POINTS = 300


def learning_curve(
    name: str, step: str, metric: str, train: Sequence[float], validation: Sequence[float]
) -> Html | None:
    """Draw both curves of a metric in the order they were reported; nothing when there is no finite value."""
    train, validation = drawable(train), drawable(validation)
    reported = [*train, *validation]
    if not reported:
        return None
    rounds = max(len(train), len(validation))
    plot = axes(
        (0, rounds - 1) if rounds > 1 else (-1, 1),
        spread(reported),
        ("Round", metric_name(metric)),
        whole=True,
    )
    best = _best(metric, validation)
    words = [
        f"training {score(train[-1])}" if train else "",
        f"validation {score(validation[-1])}" if validation else "",
    ]
    ends = " and ".join(word for word in words if word)
    chart = drawing(
        name,
        f"Learning curve of {step}: {metric_name(metric)}",
        f"{rounds} rounds; the last values are {ends}. {_best_words(best, validation)}",
        plot.draw(),
        _curve(plot, train, "baseline"),
        _curve(plot, validation, "candidate"),
        _mark(plot, best, validation),
    )
    shown = [("baseline", "Training rows")] if train else []
    shown += [("candidate", "Validation rows")] if validation else []
    note = _best_words(best, validation)
    return figure(
        f"{step}: {metric_name(metric)}", chart, legend(shown), tag("p", note, class_="note") if note else None
    )


def _curve(plot: Axes, series: Sequence[float], kind: str) -> Html | None:
    if not series:
        return None
    points = [(plot.x(index), plot.y(series[index])) for index in _thinned(len(series))]
    if len(points) == 1:
        return tag("circle", class_=f"mark {kind}", cx=points[0][0], cy=points[0][1], r=4)
    return tag("path", class_=f"line {kind}", d=path(points))


def _thinned(length: int) -> list[int]:
    """Return the positions to draw: all of a short series, an even choice with both ends of a long one."""
    if length <= _MOST_POINTS:
        return list(range(length))
    return sorted({round(index * (length - 1) / (_MOST_POINTS - 1)) for index in range(_MOST_POINTS)})


def _best(metric: str, validation: Sequence[float]) -> int | None:
    if len(validation) < 2:
        return None
    choose = min if metric in LOWER_IS_BETTER else max
    return validation.index(choose(validation))


def _best_words(best: int | None, validation: Sequence[float]) -> str:
    if best is None:
        return ""
    return f"Best on the validation rows: {score(validation[best])} (round {best}, counted from 0)."


def _mark(plot: Axes, best: int | None, validation: Sequence[float]) -> list[Html]:
    if best is None:
        return []
    x, y = plot.x(best), plot.y(validation[best])
    side = "tick" if 80 < x < WIDTH - 80 else ("tick start" if x <= 80 else "tick end")
    above = y - 10 if y > 40 else y + 20
    return [
        tag("circle", tag("title", score(validation[best])), class_="mark candidate", cx=x, cy=y, r=4),
        tag("text", f"best {score(validation[best])}", class_=f"{side} strong", x=x, y=above),
    ]
