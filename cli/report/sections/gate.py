"""The gates, and the candidate's metrics beside the baseline's and the approved model's."""

from __future__ import annotations

from cli.report import judgement, quality
from cli.report.charts.gate import gate_line
from cli.report.judgement import Ahead
from cli.report.markup import Content, Html, markup, tag
from cli.report.material import Material
from cli.report.quality import Gate
from cli.report.sections.parts import callout, cell, pair, section, table
from cli.report.wording import LOWER_IS_BETTER, clip, figure, metric_name, model_name, scores_apart

_MOST_METRICS = 40
_BETTER, _WORSE, _EQUAL, _UNCLEAR = "▲ better", "▼ worse", "equal", "≈ within chance"


def gate(material: Material) -> Html | None:
    """Draw the gate and the table of metrics; says it plainly when the baseline is the better model."""
    judged = quality.gate(material)
    return section(
        "quality",
        "Quality",
        _warning(judged),
        _cautions(material),
        pair(
            _figure(judged, judgement.interval(material, "candidate", judged.metric)) if judged else None,
            _metrics(material, "baseline"),
            _metrics(material, "champion"),
        ),
    )


def passes(judged: Gate) -> bool | None:
    """Say whether the value meets the threshold; None when the threshold is not known."""
    if judged.threshold is None:
        return None
    return judged.value >= judged.threshold if judged.at_least else judged.value <= judged.threshold


def _figure(judged: Gate, interval: tuple[float, float] | None) -> Html:
    verdict = {True: "passed", False: "not passed", None: "threshold not known"}[passes(judged)]
    if judged.too_far_behind:
        verdict += ", and stopped as worse than the approved model"
    known = [value for value in (judged.value, judged.threshold, judged.baseline, judged.champion) if value is not None]
    written = dict(zip(known, scores_apart(*known), strict=True))
    sure = None if interval is None else tag("small", " to ".join(scores_apart(*interval)))
    facts: list[tuple[Content, Content]] = [("Candidate", markup(written[judged.value], sure))]
    if judged.threshold is not None:
        facts.append((f"Must be {'at least' if judged.at_least else 'at most'}", written[judged.threshold]))
    if judged.baseline is not None:
        facts.append(("Baseline", written[judged.baseline]))
    if judged.champion is not None:
        allowed = (
            "must not be worse than it" if judged.tolerance == 0 else f"may be worse by {figure(judged.tolerance or 0)}"
        )
        worse = None if judged.tolerance is None else tag("small", allowed)
        facts.append(("Approved model", markup(written[judged.champion], worse)))
    line = judged.threshold is not None and gate_line(
        "gate-line", judged.value, judged.threshold, judged.at_least, judged.baseline, judged.champion, interval
    )
    marks = "Circle: candidate, with what 95 of 100 draws of the test rows give. Diamond: baseline. "
    marks += "Square: approved model. " if judged.champion is not None else ""
    return tag(
        "figure",
        tag("figcaption", f"Quality gate on {metric_name(clip(judged.metric, 60))}: {verdict}"),
        tag("dl", [tag("div", tag("dt", term), tag("dd", fact)) for term, fact in facts], class_="numbers"),
        line or None,
        tag("p", f"{marks}Shaded: the passing side.", class_="note") if line else None,
    )


def _metrics(material: Material, other: str) -> Html | None:
    """Draw the candidate's metrics beside those of "baseline" or "champion"; the candidate's alone stand once."""
    candidate, beside = quality.metrics(material, "candidate"), quality.metrics(material, other)
    if not beside and other != "baseline":
        return None
    ahead = judgement.ahead(material, other)
    names = [*candidate, *(name for name in beside if name not in candidate)][:_MOST_METRICS]
    rows = [_row(name, candidate.get(name), beside.get(name), ahead.get(name)) for name in names]
    columns = ("Metric", "Candidate", model_name(other), "Difference", "Candidate is")
    shown = table(columns, rows, "metrics compare")
    heading = "On the test rows, which no training saw" if other == "baseline" else "Beside the approved model"
    return tag("figure", tag("figcaption", heading), shown) if shown else None


def _row(name: str, candidate: float | None, other: float | None, ahead: Ahead | None) -> list[Content]:
    title = markup(metric_name(clip(name, 60)), tag("small", "lower is better") if name in LOWER_IS_BETTER else None)
    if candidate is None or other is None:
        shown = ["–" if value is None else scores_apart(value)[0] for value in (candidate, other)]
        return [title, *shown, "", ""]
    written = scores_apart(candidate, other)
    difference = candidate - other
    return [title, *written, _signed(difference), _verdict(name, difference, ahead)]


def _signed(difference: float) -> str:
    if difference == 0:
        return "0"
    return f"{'+' if difference > 0 else '−'}{figure(abs(difference), 3)}"


def _verdict(name: str, difference: float, ahead: Ahead | None) -> Html:
    if difference == 0:
        return tag("span", _EQUAL)
    if ahead is not None and ahead.low <= 0 <= ahead.high:
        return tag(
            "span", _UNCLEAR, class_="idle", title="Of 100 draws of the test rows, more than 2 say the opposite."
        )
    better = (difference < 0) == (name in LOWER_IS_BETTER)
    return tag("span", _BETTER if better else _WORSE, class_="good" if better else "bad")


def _cautions(material: Material) -> Html | None:
    found = judgement.cautions(material)
    return callout("warn", tag("ul", [tag("li", cell(each)) for each in found])) if found else None


def _warning(judged: Gate | None) -> Html | None:
    if judged is None or judged.baseline is None:
        return None
    ahead = judged.baseline > judged.value if judged.at_least else judged.baseline < judged.value
    if not ahead and judged.baseline != judged.value:
        return None
    value, baseline = scores_apart(judged.value, judged.baseline)
    stands = "is better than" if ahead else "is as good as"
    return callout(
        "warn",
        tag(
            "p",
            tag("strong", f"The baseline {stands} the candidate"),
            f" on {metric_name(clip(judged.metric, 60))}: {baseline} against {value}. "
            "A linear model does the job at least as well here; it is the simpler one to run and to explain.",
        ),
    )
