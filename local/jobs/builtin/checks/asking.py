"""Asks a model for predictions, as Clarify asks its shadow endpoint, and reads what is wanted out of the answers.

Source: SageMaker Developer Guide, 'Analysis Configuration Files', `predictor`: `label` and `probability` are an index
(CSV) or a JMESPath (JSON, JSON Lines) in the model's output; `content_template` shapes a JSON Lines request.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from string import Template
from typing import Any, TypeAlias

import jmespath

from local.jobs.builtin.checks import facets
from local.jobs.builtin.checks.table import CheckError, Column

CSV, JSON_LINES, JSON = "text/csv", "application/jsonlines", "application/json"
MOST_BYTES = 5 * 1024 * 1024
_ROWS_AT_ONCE = 20_000
_DEFAULT_THRESHOLD = 0.5
_TWO = 2

Invoke: TypeAlias = Callable[[bytes, str, str], tuple[bytes, str]]
"""Sends a body with its content type and the type that is accepted; returns the answer and its type."""
Row: TypeAlias = Sequence[str]


class Model:
    """The model that an analysis asks."""

    def __init__(self, predictor: Mapping[str, Any], dataset_type: str, invoke: Invoke) -> None:
        self._predictor = predictor
        self._content_type = str(predictor.get("content_type") or dataset_type)
        self._accept = str(predictor.get("accept_type") or self._content_type)
        self._invoke = invoke
        if self._content_type not in (CSV, JSON_LINES):
            message = f"The predictor's content_type is {self._content_type}; the laptop asks in {CSV} or {JSON_LINES}."
            raise CheckError(message)

    def answers(self, rows: Iterator[Row] | Sequence[Row]) -> list[Any]:
        """Return the model's answer to each row: a text, a number, or a list or object of them."""
        found: list[Any] = []
        for batch, number in self._batches(rows):
            body, kind = self._invoke(batch, self._content_type, self._accept)
            read = self._read(body.decode("utf-8"), kind.partition(";")[0].strip() or self._accept, number)
            if len(read) != number:
                message = f"The model answered {len(read)} predictions to {number} rows."
                raise CheckError(message)
            found += read
        return found

    def pick(self, answer: Any, place: Any) -> Any:
        """Return the part of one answer that an index or a JMESPath names; the whole where there is none."""
        if place is None:
            return answer[0] if isinstance(answer, list) and len(answer) == 1 else answer
        if isinstance(place, int):
            if not isinstance(answer, list):
                return answer
            if place >= len(answer):
                message = f"The predictor names the element {place} of an answer, which has {len(answer)}."
                raise CheckError(message)
            return answer[place]
        found = jmespath.search(str(place), answer) if isinstance(answer, dict | list) else None
        if found is None:
            message = f"The predictor's {place!r} is not in the model's answer: {str(answer)[:200]}"
            raise CheckError(message)
        return found

    def scores(self, answer: Any) -> list[float]:
        """Return the numbers of one answer that are to be explained."""
        place = self._predictor.get("probability")
        picked = self.pick(answer, self._predictor.get("label") if place is None else place)
        try:
            return [float(each) for each in (picked if isinstance(picked, list) else [picked])]
        except (TypeError, ValueError):
            message = f"An explanation needs the model's answers to be numbers, and one is {str(picked)[:200]!r}."
            raise CheckError(message) from None

    def labels(self, answers: Sequence[Any], threshold: float | None, observed: Column) -> Column:
        """Return the predicted label of each answer, of several scores that with the highest."""
        texts = [self._label(answer, threshold) for answer in answers]
        if threshold is None and self._predictor.get("probability") is None and _are_scores(texts, observed):
            texts = [self._over(float(text), _DEFAULT_THRESHOLD) for text in texts]
        return Column("predicted_label", texts)

    def _label(self, answer: Any, threshold: float | None) -> str:
        label, place = self._predictor.get("label"), self._predictor.get("probability")
        value: Any = None if label is None and place is not None else self.pick(answer, label)
        scores = value if place is None else self.pick(answer, place)
        if isinstance(scores, list):
            return self._highest(scores, value if place is not None and isinstance(value, list) else [])
        if threshold is not None and (place is None or label is None):
            return self._over(float(scores), threshold)
        return str(scores if value is None else value)

    def _highest(self, scores: list[Any], answered: list[Any]) -> str:
        names = self._predictor.get("label_headers") or answered
        if len(names) != len(scores):
            message = f"The model answers {len(scores)} scores; give as many label_headers ({len(names)} are there)."
            raise CheckError(message)
        numbers = [float(each) for each in scores]
        return str(names[numbers.index(max(numbers))])

    def _over(self, score: float, threshold: float) -> str:
        headers = list(self._predictor.get("label_headers") or [])
        if len(headers) == 1:
            return str(headers[0]) if score > threshold else ""
        return "1" if score > threshold else "0"

    def _batches(self, rows: Iterator[Row] | Sequence[Row]) -> Iterator[tuple[bytes, int]]:
        lines: list[bytes] = []
        size = 0
        for line in map(self._line, rows):
            if lines and (size + len(line) > MOST_BYTES or len(lines) == _ROWS_AT_ONCE):
                yield b"".join(lines), len(lines)
                lines, size = [], 0
            lines.append(line)
            size += len(line)
        if lines:
            yield b"".join(lines), len(lines)

    def _line(self, row: Row) -> bytes:
        if self._content_type == CSV:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerow(row)
            return text.getvalue().encode()
        template = self._predictor.get("content_template")
        if not template:
            message = f"The predictor asks in {JSON_LINES}, which needs a content_template."
            raise CheckError(message)
        features = json.dumps([_number(text) for text in row])
        return Template(str(template)).safe_substitute(features=features).encode() + b"\n"

    @staticmethod
    def _read(text: str, kind: str, number: int) -> list[Any]:
        if kind == JSON:
            content = json.loads(text)
            while isinstance(content, dict) and len(content) == 1 and isinstance(next(iter(content.values())), list):
                content = next(iter(content.values()))
            return content if isinstance(content, list) else [content]
        if kind == JSON_LINES:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        rows = [_fields(line) for line in text.splitlines() if line.strip()]
        if len(rows) == 1 and number > 1 and len(rows[0]) == number:
            return rows[0]  # As images up to 1.2 answer: one line for all records.
        return rows


def _fields(line: str) -> list[Any]:
    """Return a CSV line's fields. Several scores stand in it as a list, as the images write them, quoted or not."""
    if line.startswith("["):
        with contextlib.suppress(ValueError):
            return list(json.loads(f"[{line}]"))
    fields: list[Any] = next(csv.reader([line]))
    return [json.loads(field) if field.startswith("[") and field.endswith("]") else field for field in fields]


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text or None


def _are_scores(texts: Sequence[str], observed: Column) -> bool:
    """Say whether a model of two classes answers with probabilities in place of its labels."""
    known = {facets.plain(text) for text in observed.present}
    found = {facets.plain(text) for text in texts}
    return (
        len(known) == _TWO and not found <= known and all(isinstance(each, float) and 0 <= each <= 1 for each in found)
    )
