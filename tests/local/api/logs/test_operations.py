"""Logs of jobs through boto3."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.store.executions import new_execution
from local.store.home import host_log
from local.store.names import execution_arn
from local.store.steps import StepRecord
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

Refused = Callable[..., tuple[str, str]]
TRAINING = "/aws/sagemaker/TrainingJobs"
PROCESSING = "/aws/sagemaker/ProcessingJobs"


def add_step(store: Store, execution: str, job: str, content: bytes, kind: str = "TrainingJob", **fields: Any) -> Path:
    arn = execution_arn("demo", execution)
    if store.executions.get(arn) is None:
        store.executions.create(
            new_execution(
                arn=arn,
                execution_id=execution,
                pipeline="demo",
                token=execution,
                definition="{}",
                parameters={},
                body={},
                now=1.0,
            )
        )
    record = StepRecord(
        **{
            "execution": arn,
            "name": job.title(),
            "position": 0,
            "type": "Training",
            "status": "Succeeded",
            "started": 1700000000.5,
            "ended": 1700000009.0,
            "job": {"kind": kind, "name": job, "arn": f"arn:{job}"},
            **fields,
        }
    )
    store.steps.save(record)
    store.resources.put(kind, job, f"arn:{kind}:{job}", {}, now=record.started or 0.0)
    path = store.home.step_log(execution, record.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def messages(answer: Any) -> list[str]:
    return [event["message"] for event in answer["events"]]


STREAM: Any = {"logGroupName": TRAINING, "logStreamName": "train/algo-1-1700000000"}


def test_a_stream_is_found_by_its_jobs_name(logs: CloudWatchLogsClient, store: Store) -> None:
    add_step(store, "one", "train", b"a\nb\n")
    add_step(store, "one", "train-2", b"c\n", started=1800000000.0)
    add_step(store, "one", "prepare", b"p\n", kind="ProcessingJob")
    found = logs.describe_log_streams(logGroupName=TRAINING, logStreamNamePrefix="train/")["logStreams"]
    assert [each["logStreamName"] for each in found] == ["train/algo-1-1700000000"]
    assert found[0]["firstEventTimestamp"] == 1700000000500
    every = logs.describe_log_streams(logGroupName=TRAINING, orderBy="LastEventTime", descending=True)["logStreams"]
    assert [each["logStreamName"] for each in every] == ["train-2/algo-1-1800000000", "train/algo-1-1700000000"]
    other = logs.describe_log_streams(logGroupName=PROCESSING)["logStreams"]
    assert [each["logStreamName"] for each in other] == ["prepare/algo-1-1700000000"]


def test_streams_come_in_pages(logs: CloudWatchLogsClient, store: Store) -> None:
    for number in range(5):
        add_step(store, "one", f"train-{number}", b"x\n")
    pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=TRAINING, PaginationConfig={"PageSize": 2})
    names = [each["logStreamName"] for page in pages for each in page["logStreams"]]
    assert names == [f"train-{number}/algo-1-1700000000" for number in range(5)]


def test_lines_are_followed_as_they_come(logs: CloudWatchLogsClient, store: Store) -> None:
    path = add_step(store, "one", "train", b"one\ntwo\nhal", ended=None, status="Executing")
    first = logs.get_log_events(**STREAM, startFromHead=True)
    assert messages(first) == ["one", "two"]
    idle = logs.get_log_events(**STREAM, startFromHead=True, nextToken=first["nextForwardToken"])
    assert messages(idle) == []
    assert idle["nextForwardToken"] == first["nextForwardToken"]
    with path.open("ab") as file:
        file.write(b"f\nfour\n")
    more = logs.get_log_events(**STREAM, startFromHead=True, nextToken=first["nextForwardToken"])
    assert messages(more) == ["half", "four"]


def test_a_last_line_without_its_end_counts_once_the_step_has_ended(logs: CloudWatchLogsClient, store: Store) -> None:
    add_step(store, "one", "train", b"one\nlast")
    assert messages(logs.get_log_events(**STREAM, startFromHead=True)) == ["one", "last"]
    assert messages(logs.get_log_events(**STREAM)) == ["one", "last"]


@pytest.mark.parametrize("limit", [1, 3, 10, 10000])
def test_a_log_is_read_forwards_and_backwards_in_pieces(logs: CloudWatchLogsClient, store: Store, limit: int) -> None:
    lines = [f"line {number} é\x85 \r{'x' * (number % 50)}" for number in range(min(3000, 30 * limit))]
    add_step(store, "one", "train", "".join(f"{line}\n" for line in lines).encode())

    def read(**params: Any) -> list[list[str]]:
        pieces: list[list[str]] = []
        token: dict[str, Any] = {}
        while True:
            answer = logs.get_log_events(**STREAM, limit=limit, **params, **token)
            if not answer["events"]:
                return pieces
            assert len(answer["events"]) <= limit
            pieces.append(messages(answer))
            name = "nextForwardToken" if params else "nextBackwardToken"
            token = {"nextToken": answer[name]}  # type: ignore[literal-required]

    expected = [line.rstrip("\r\n") for line in lines]
    assert [line for piece in read(startFromHead=True) for line in piece] == expected
    assert [line for piece in reversed(read()) for line in piece] == expected


def test_the_end_of_a_log_comes_first_unless_asked_otherwise(logs: CloudWatchLogsClient, store: Store) -> None:
    add_step(store, "one", "train", b"".join(b"%d\n" % number for number in range(50000)))
    assert messages(logs.get_log_events(**STREAM, limit=2)) == ["49998", "49999"]
    assert messages(logs.get_log_events(**STREAM, limit=2, startFromHead=True)) == ["0", "1"]
    assert messages(logs.get_log_events(**STREAM, startTime=1700000009000)) == []
    assert len(messages(logs.get_log_events(**STREAM, endTime=1700000009000))) == 10000


def test_lines_that_never_end_and_bytes_that_are_no_text(logs: CloudWatchLogsClient, store: Store) -> None:
    add_step(store, "one", "train", b"x" * 600_000 + b"\n\xff\xfe\n")
    got = logs.get_log_events(**STREAM, startFromHead=True)
    assert [len(text) for text in messages(got)] == [262144, 262144, 75712, 2]


def test_a_step_from_the_cache_shows_the_log_of_the_run_that_made_it(logs: CloudWatchLogsClient, store: Store) -> None:
    cache = {"result": "hit", "source": "x", "reason": "same"}
    add_step(store, "two", "train", b"from the cache\n", cache=cache)
    add_step(store, "one", "train", b"really ran\n", cache={"result": "miss", "source": None, "reason": "new"})
    assert messages(logs.get_log_events(**STREAM)) == ["really ran"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", [0, 1, 2, 3]),
        ("error", [0, 3]),
        ('"big error"', [3]),
        ("error big", [3]),
        ("?warning ?big", [1, 3]),
        ("-error", [1, 2]),
        ("error -big", [0]),
    ],
)
def test_lines_are_filtered_by_terms(
    logs: CloudWatchLogsClient, store: Store, pattern: str, expected: list[int]
) -> None:
    lines = ["an error", "a warning", "fine", "a big error"]
    add_step(store, "one", "train", "\n".join(lines).encode())
    found = logs.filter_log_events(logGroupName=TRAINING, filterPattern=pattern)
    assert messages(found) == [lines[number] for number in expected]


def test_filtering_goes_over_streams_and_in_pages(logs: CloudWatchLogsClient, store: Store) -> None:
    for number in range(3):
        content = "".join(f"{number}-{line} {'odd' if line % 2 else 'even'}\n" for line in range(6)).encode()
        add_step(store, "one", f"train-{number}", content, started=1700000000.25 + number)
    for size in (1, 2, 3, 100):
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=TRAINING, filterPattern="odd", PaginationConfig={"PageSize": size}
        )
        found = [event for page in pages for event in page["events"]]
        assert [event["message"] for event in found] == [
            f"{number}-{line} odd" for number in range(3) for line in (1, 3, 5)
        ]
        assert len({event["eventId"] for event in found}) == 9
    some = logs.filter_log_events(logGroupName=TRAINING, logStreamNames=["train-1/algo-1-1700000001"])
    assert {event["logStreamName"] for event in some["events"]} == {"train-1/algo-1-1700000001"}


def test_what_is_not_there(logs: CloudWatchLogsClient, store: Store, refused: Refused) -> None:
    add_step(store, "one", "train", b"x\n")
    for group, stream in (
        ("/aws/lambda/x", "train/algo-1-1700000000"),
        (TRAINING, "train/algo-1-1"),
        (TRAINING, "../../state.db"),
        (PROCESSING, "train/algo-1-1700000000"),
    ):
        code, message = refused(logs.get_log_events, logGroupName=group, logStreamName=stream)
        assert code == "ResourceNotFoundException"
        assert message in ("The specified log group does not exist.", "The specified log stream does not exist.")
    assert refused(logs.get_log_events, **STREAM, nextToken="f/x")[0] == "InvalidParameterException"
    assert refused(logs.filter_log_events, logGroupName=TRAINING, nextToken="x")[0] == "InvalidParameterException"
    pattern = "{ $.level = 1 }"
    assert (
        refused(logs.filter_log_events, logGroupName=TRAINING, filterPattern=pattern)[0] == "InvalidParameterException"
    )


def test_each_host_of_a_job_has_a_stream_of_its_own(logs: CloudWatchLogsClient, store: Store) -> None:
    path = add_step(store, "one", "train", b"first\n")
    for number in (2, 10):
        host_log(path, f"algo-{number}").write_text(f"host {number}\n")
    add_step(store, "one", "train-2", b"another\n")

    found = logs.describe_log_streams(logGroupName=TRAINING, logStreamNamePrefix="train/")["logStreams"]
    names = [f"train/algo-{number}-1700000000" for number in (1, 10, 2)]
    assert [stream["logStreamName"] for stream in found] == names
    printed = [messages(logs.get_log_events(logGroupName=TRAINING, logStreamName=name)) for name in names]
    assert printed == [["first"], ["host 10"], ["host 2"]]
