"""The quality gate, and the candidate's metrics beside the baseline's."""

from __future__ import annotations

from cli.report import quality
from cli.report.charts.gate import gate_line
from cli.report.markup import Content, Html, markup, tag
from cli.report.material import Material
from cli.report.quality import Gate
from cli.report.sections.parts import callout, pair, section, table
from cli.report.wording import LOWER_IS_BETTER, clip, figure, metric_name, scores_apart

_MOST_METRICS = 40
_BETTER, _WORSE, _EQUAL = "▲ better", "▼ worse", "equal"


def gate(material: Material) -> Html | None:
    """Draw the gate and the table of metrics; says it plainly when the baseline is the better model."""
    judged = quality.gate(material)
    candidate, baseline = quality.metrics(material, "candidate"), quality.metrics(material, "baseline")
    return section(
        "quality",
        "Quality",
        _warning(judged),
        pair(_figure(judged) if judged else None, _metrics(candidate, baseline)),
    )


def passes(judged: Gate) -> bool | None:
    """Say whether the value meets the threshold; None when the threshold is not known."""
    if judged.threshold is None:
        return None
    return judged.value >= judged.threshold if judged.at_least else judged.value <= judged.threshold


def _figure(judged: Gate) -> Html:
    verdict = {True: "passed", False: "not passed", None: "threshold not known"}[passes(judged)]
    known = [value for value in (judged.value, judged.threshold, judged.baseline) if value is not None]
    written = dict(zip(known, scores_apart(*known), strict=True))
    facts: list[tuple[Content, Content]] = [("Candidate", written[judged.value])]
    if judged.threshold is not None:
        facts.append((f"Must be {'at least' if judged.at_least else 'at most'}", written[judged.threshold]))
    if judged.baseline is not None:
        facts.append(("Baseline", written[judged.baseline]))
    line = judged.threshold is not None and gate_line(
        "gate-line", judged.value, judged.threshold, judged.at_least, judged.baseline
    )
    return tag(
        "figure",
        tag("figcaption", f"Quality gate on {metric_name(clip(judged.metric, 60))}: {verdict}"),
        tag("dl", [tag("div", tag("dt", term), tag("dd", fact)) for term, fact in facts], class_="numbers"),
        line or None,
        tag("p", "Circle: candidate. Diamond: baseline. Shaded: the passing side.", class_="note") if line else None,
    )


def _metrics(candidate: dict[str, float], baseline: dict[str, float]) -> Html | None:
    names = [*candidate, *(name for name in baseline if name not in candidate)][:_MOST_METRICS]
    rows = [_row(name, candidate.get(name), baseline.get(name)) for name in names]
    shown = table(("Metric", "Candidate", "Baseline", "Difference", "Candidate is"), rows, "metrics compare")
    return tag("figure", tag("figcaption", "On the test rows, which no training saw"), shown) if shown else None


def _row(name: str, candidate: float | None, baseline: float | None) -> list[Content]:
    title = markup(metric_name(clip(name, 60)), tag("small", "lower is better") if name in LOWER_IS_BETTER else None)
    if candidate is None or baseline is None:
        shown = ["–" if value is None else scores_apart(value)[0] for value in (candidate, baseline)]
        return [title, *shown, "", ""]
    written = scores_apart(candidate, baseline)
    difference = candidate - baseline
    return [title, *written, _signed(difference), _verdict(name, difference)]


def _signed(difference: float) -> str:
    if difference == 0:
        return "0"
    return f"{'+' if difference > 0 else '−'}{figure(abs(difference), 3)}"


def _verdict(name: str, difference: float) -> Html:
    if difference == 0:
        return tag("span", _EQUAL)
    better = (difference < 0) == (name in LOWER_IS_BETTER)
    return tag("span", _BETTER if better else _WORSE, class_="good" if better else "bad")


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
