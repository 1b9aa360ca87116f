"""Numbers, durations and names as a person reads them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

LOWER_IS_BETTER = frozenset({"log_loss", "logloss", "mlogloss", "error", "merror", "rmse", "mse", "mae"})
_METRIC_NAMES = {
    "accuracy": "Accuracy",
    "auc": "AUC",
    "f1": "F1",
    "f1_macro": "Macro F1",
    "log_loss": "Log loss",
    "logloss": "Log loss",
    "mae": "MAE",
    "merror": "Share of errors",
    "mlogloss": "Log loss",
    "mse": "MSE",
    "precision": "Precision",
    "r2": "R²",
    "recall": "Recall",
    "rmse": "RMSE",
}


_MODEL_NAMES = {"candidate": "Candidate", "baseline": "Baseline", "champion": "Approved model"}


def model_name(kind: str) -> str:
    """Return what one of the models compared is called in text."""
    return _MODEL_NAMES.get(kind, kind)


def metric_name(name: str) -> str:
    """Return a metric's name as it is written in text."""
    return _METRIC_NAMES.get(name, name)


def figure(value: float, digits: int = 4) -> str:
    """Write a measured value: four significant digits, never an exponent between 0.0001 and a million."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e15 or size < 1e-4:
        return f"{value:.{digits - 1}e}"
    if size >= 10**digits or (size >= 1000 and value == int(value)):
        return f"{value:,.0f}"
    return f"{value:,.{digits}g}"


def score(value: float) -> str:
    """Write a metric's value with the decimals that let two models be told apart."""
    return f"{value:.4f}" if abs(value) < 10 else figure(value, 6)


def scores_apart(*values: float) -> list[str]:
    """Write several values with as many decimals as it takes for different values to look different."""
    for digits in range(4, 12):
        written = [f"{value:.{digits}f}" if abs(value) < 10 else figure(value, digits + 2) for value in values]
        if len(set(written)) == len(set(values)):
            return written
    return [repr(value) for value in values]


def whole(value: float) -> str:
    """Write a count with separators for thousands."""
    return f"{int(value):,}"


def plural(value: int, one: str, many: str) -> str:
    """Write a count with its noun."""
    return f"{value:,} {one if value == 1 else many}"


def share(part: float, total: float) -> str:
    """Write a part of a total in percent; what is not nothing never reads as 0 %, nor what is not all as 100 %."""
    if total <= 0:
        return "–"
    percent = 100 * part / total
    if 0 < percent < 0.1:
        return "< 0.1 %"
    if 99.9 < percent < 100:
        return "> 99.9 %"
    return f"{percent:.1f} %".replace(".0 %", " %")


def duration(seconds: float) -> str:
    """Write a duration in the two units that matter."""
    if seconds < 0.1:
        return "< 0.1 s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min"


def moment(stamp: str) -> str:
    """Write an ISO 8601 time in UTC; text that is not one stays as it is."""
    try:
        parsed = datetime.fromisoformat(stamp)
    except ValueError:
        return clip(stamp, 40)
    if parsed.tzinfo is not None:
        parsed = parsed.astimezone(UTC)
    return parsed.strftime("%Y-%m-%d %H:%M:%S UTC")


def clip(text: str, width: int) -> str:
    """Shorten text to `width` columns (wide characters take two); whitespace becomes single blanks."""
    text = " ".join(text[: 4 * width + 4].split())
    if text.isascii():
        return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"
    used, fits = 0, 0
    for index, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used <= width - 1:
            fits = index + 1
        if used > width:
            return f"{text[:fits].rstrip()}…"
    return text
