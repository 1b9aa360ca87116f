"""Data processing around the model: which part of a record it gets, what joins its answer, which part of that is kept.

Source: SageMaker Developer Guide, "Associate Prediction Results with Input Records".
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.hosting.transform.paths import PathError, Pick, parse

CSV = "text/csv"
JSON = "application/json"
LINES = ("application/jsonlines", "application/x-jsonlines")
KINDS = (CSV, JSON, *LINES)


class RecordError(ValueError):
    """A record cannot be processed; the message is a sentence without its subject."""


@dataclass(frozen=True)
class Processing:
    """The DataProcessing of a request; `active` where it does anything at all."""

    input_filter: str
    output_filter: str
    join: bool
    content_type: str
    accept: str

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Processing:
        """Return a CreateTransformJob request's data processing."""
        given = request.get("DataProcessing") or {}
        content_type = media_type((request.get("TransformInput") or {}).get("ContentType") or "")
        return cls(
            given.get("InputFilter") or "$",
            given.get("OutputFilter") or "$",
            given.get("JoinSource") == "Input",
            content_type,
            media_type((request.get("TransformOutput") or {}).get("Accept") or "") or content_type,
        )

    @property
    def active(self) -> bool:
        """Say whether records must be looked into."""
        return self.join or (self.input_filter, self.output_filter) != ("$", "$")

    def problems(self) -> list[str]:
        """Name what cannot be processed, each as a sentence without its subject."""
        found = []
        for name, text in (("InputFilter", self.input_filter), ("OutputFilter", self.output_filter)):
            try:
                parse(text)
            except PathError as error:
                found.append(f"has the {name} {error}")
        if self.active and self.content_type not in KINDS:
            shown = self.content_type or "no content type"
            found.append(f"filters or joins records of {shown}; data processing reads {', '.join(KINDS[:3])}.")
        elif self.join and (self.content_type == CSV) != (self.accept == CSV):
            found.append(f"joins {self.content_type} with {self.accept}; give both the same type.")
        return found

    def to_model(self, records: Sequence[bytes]) -> bytes:
        """Return the body that the model gets for some records."""
        if self.input_filter == "$":
            return b"\n".join(records)
        pick = parse(self.input_filter)
        parts = [_picked(pick, record) for record in _read(records, self.content_type)]
        return b"\n".join(_write(part, self.content_type) for part in parts)

    def of_model(self, records: Sequence[bytes], answer: bytes) -> bytes:
        """Return what goes to the output for some records and the model's answer to them.

        Raises:
            RecordError: the answer does not have one part for each record, or lacks what a filter names.
        """
        if not self.join and self.output_filter == "$":
            return answer
        inputs = _read(records, self.content_type)
        found = _answers(answer, self.accept, len(inputs))
        if self.join:
            found = [_joined(one, other, self.accept) for one, other in zip(inputs, found, strict=True)]
        pick = parse(self.output_filter)
        return b"\n".join(_write(_picked(pick, each), self.accept) for each in found)


def media_type(header: str) -> str:
    """Return a content type without its parameters, in lower case."""
    return header.partition(";")[0].strip().lower()


def _read(records: Sequence[bytes], kind: str) -> list[Any]:
    if kind == CSV:
        text = b"\n".join(records).decode("utf-8-sig")
        return [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    try:
        return [json.loads(record) for record in records]
    except ValueError as error:
        # One input without a split may hold several lines of JSON.
        if kind in LINES and len(records) == 1:
            return _read([line for line in records[0].splitlines() if line.strip()], JSON)
        message = f"is not JSON ({error})."
        raise RecordError(message) from None


def _answers(answer: bytes, kind: str, count: int) -> list[Any]:
    if kind == CSV:
        found = _read([answer], CSV)
    elif count == 1:
        found = [_json(answer)]
    else:
        lines = [line for line in answer.splitlines() if line.strip()]
        found = [_json(line) for line in lines]
    if len(found) != count:
        message = f"got {len(found)} rows of predictions for {count} records; they cannot be matched."
        raise RecordError(message)
    return found


def _json(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError:
        message = f"got an answer that is not JSON: {answer[:80].decode(errors='replace')!r}."
        raise RecordError(message) from None


def _joined(record: Any, answer: Any, kind: str) -> Any:
    if kind == CSV:
        return [*record, *answer]
    if not isinstance(record, dict):
        return {"SageMakerInput": record, "SageMakerOutput": answer}
    if "SageMakerOutput" in record:
        message = "has a member SageMakerOutput already, the name that the prediction would join under."
        raise RecordError(message)
    return {**record, "SageMakerOutput": answer}


def _picked(pick: Pick, record: Any) -> Any:
    try:
        return pick(record)
    except PathError as error:
        raise RecordError(str(error)) from None


def _write(record: Any, kind: str) -> bytes:
    if kind != CSV:
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(record if isinstance(record, list) else [record])
    return buffer.getvalue().encode()
