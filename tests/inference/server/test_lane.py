"""The lane answers what uvicorn's way answers, to the byte, and only what it may."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from inference.archive import Archive
from inference.server.limits import Limits
from tests.inference.server.lanes import HEAD, ROW, Ways, request

Archives = dict[tuple[str, str], Archive]
JSON = "application/json"
LIMITS = Limits()
PING = b"GET /ping HTTP/1.1\r\nHost: here\r\n\r\n"


def _npy() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([["9.5", "red", ""], ["1", "blue", "30"]]))
    return buffer.getvalue()


RECORDS = [{"size": 9.5, "colour": "red", "age": None}]
TAKEN = {
    "ping": PING,
    "a row": request(),
    "a row without an end": request(b"9.5,red,"),
    "two rows": request(b"9.5,red,\n1,blue,30\n"),
    "a header": request(b"size,colour,age\n9.5,red,\n"),
    "an announced header": request(b"age,colour,size\n,red,9.5\n", kind="text/csv;header=present"),
    "quotes": request(b'9.5,"red",\r\n'),
    "a body as long as may be": request(b'[[9.5, "red", null]]'.ljust(LIMITS.small), kind=JSON),
    "no body": request(b""),
    "a row that is too short": request(b"9.5,red\n"),
    "text where a number belongs": request(b"big,red,1\n"),
    "no UTF-8": request(b"\xff\xfe"),
    "JSON": request(json.dumps({"instances": RECORDS}).encode(), kind=JSON),
    "broken JSON": request(b"{", kind=JSON),
    "JSON Lines": request(json.dumps(RECORDS[0]).encode(), kind="application/jsonlines"),
    "npy": request(_npy(), kind="application/x-npy"),
    "npy that is none": request(b"\x93NUMPY", kind="application/x-npy"),
    "no Parquet": request(b"PAR1", kind="application/x-parquet"),
    "an unknown type": request(b"<a/>", kind="text/xml"),
    "no type": request().replace(b"Content-Type: text/csv\r\n", b""),
    "JSON wanted": request(ROW, f"Accept: {JSON}"),
    "two headers Accept": request(ROW, "Accept: image/png", "Accept: application/jsonlines;output=scores"),
    "an array wanted": request(ROW, "Accept: application/x-npy"),
    "what is not answered wanted": request(ROW, "Accept: image/png"),
    "attributes": request(ROW, "X-Amzn-SageMaker-Custom-Attributes: output=scores,explain=contributions"),
    "other attributes": request(ROW, "X-Amzn-SageMaker-Custom-Attributes: of the caller"),
    "a body that is not packed": request(ROW, "Content-Encoding: identity"),
    "headers in other letters": request(ROW).replace(b"Content-Type", b"cONTENT-tYPE"),
    "a connection that is kept": request(ROW, "Connection: keep-alive"),
    "an upgrade that is not asked for": request(ROW, "Upgrade: h2c"),
}
CHUNKED = HEAD + b"Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"
NOT_TAKEN = {
    "chunks": CHUNKED + b"4\r\n9.5,\r\n5\r\nred,\n\r\n0\r\n\r\n",
    "a large body": request(b'[[9.5, "red", null]]'.ljust(LIMITS.small + 1), kind=JSON),
    "a query": request().replace(b"/invocations", b"/invocations?a=b"),
    "an escaped path": request().replace(b"/invocations", b"/%69nvocations"),
    "HEAD": PING.replace(b"GET", b"HEAD"),
    "a ping with a body": PING[:-2] + b"Content-Length: 3\r\n\r\nabc",
    "a ping with chunks": PING[:-2] + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "an expectation": request(ROW, "Expect: 100-continue"),
}
CLOSING = {
    "a packed body": request(ROW, "Content-Encoding: gzip"),
    "a body that is too long": HEAD + b"Content-Length: 7000000\r\n\r\n" + bytes(7_000_000),
    "another path": request().replace(b"/invocations", b"/models"),
    "another method": request().replace(b"POST", b"PUT"),
    "a connection that ends": request(ROW, "Connection: close"),
    "HTTP/1.0": request().replace(b"HTTP/1.1", b"HTTP/1.0"),
    "HTTP/1.0 that is kept": request(ROW, "Connection: keep-alive").replace(b"HTTP/1.1", b"HTTP/1.0"),
    "no HTTP": b"\x16\x03\x01 hello\r\n\r\n",
    "two lengths": request(ROW, "Content-Length: 3"),
    "a length and chunks": request(ROW, "Transfer-Encoding: chunked"),
    "a length that is none": request().replace(b"Length: 9", b"Length: -9"),
    "a head without an end": HEAD + b"X: " + bytes(70_000).replace(b"\0", b"a"),
    "what follows an end": request(ROW, "Connection: close") + request(),
}
KEYS = [("binary", "xgboost"), ("regression", "xgboost"), ("multiclass", "xgboost"), ("binary", "linear")]


def told(archive: Archive, *parts: bytes, times: int = 1, lane: bool = True, closes: bool = False) -> tuple[bytes, int]:
    """What comes back to the parts, sent `times` over on one connection, and how many answers the lane gave."""
    ways = Ways(archive.handler, lane)

    async def work(ways: Ways) -> bytes:
        return await ways.sent(*parts * times, closes=closes)

    return ways.run(work), ways.answered


@pytest.mark.parametrize("key", KEYS, ids=map("-".join, KEYS))
def test_answers_are_the_same_on_both_ways(archives: Archives, key: tuple[str, str]) -> None:
    archive = archives[key]
    lane, ways = Ways(archive.handler), Ways(archive.handler, lane=False)

    async def all_of_them(ways: Ways) -> dict[str, bytes]:
        return {name: await ways.sent(each, each) for name, each in {**TAKEN, **NOT_TAKEN}.items()}

    assert lane.run(all_of_them) == ways.run(all_of_them)
    assert (lane.answered, ways.answered) == (2 * len(TAKEN), 0)


@pytest.mark.parametrize("name", CLOSING)
def test_connections_end_as_they_do_on_the_other_way(archives: Archives, name: str) -> None:
    archive, asked = archives["binary", "xgboost"], CLOSING[name]
    assert told(archive, asked, closes=True) == told(archive, asked, closes=True, lane=False)


@pytest.mark.parametrize("name", ["a row", "two rows", "JSON", "a row that is too short", "ping"])
def test_it_does_not_matter_where_a_request_is_cut(archives: Archives, name: str) -> None:
    asked = TAKEN[name]
    whole, _ = told(archives["binary", "xgboost"], asked, lane=False)
    ways = Ways(archives["binary", "xgboost"].handler)

    async def cut(ways: Ways) -> set[bytes]:
        found = {await ways.sent(asked[:place], asked[place:]) for place in range(1, len(asked))}
        await ways.sent(asked)  # The head is known from here on.
        found |= {await ways.sent(asked[:place], asked[place:]) for place in range(1, len(asked))}
        end = asked.index(b"\r\n\r\n") + 4
        found |= {await ways.sent(*filter(None, [asked[:end], asked[end:-2], asked[-2:]]))}
        return found | {await ways.sent(*(asked[place : place + 1] for place in range(len(asked))))}

    assert ways.run(cut) == {whole}
    assert ways.answered == 2 * len(asked) + 1


def test_requests_that_come_together_are_answered_in_their_order(archives: Archives) -> None:
    rows = [request(b"%d,red,\n" % size) for size in range(10)]
    mixed = [*rows[:3], PING, NOT_TAKEN["chunks"], *rows[3:], NOT_TAKEN["HEAD"], PING]
    found, answered = told(archives["binary", "xgboost"], b"".join(mixed))
    assert found == told(archives["binary", "xgboost"], b"".join(mixed), lane=False)[0]
    # What follows one that is on the other way waits for it there.
    assert answered == 4


def test_a_head_that_is_known_is_not_parsed_again(archives: Archives) -> None:
    ways = Ways(archives["binary", "xgboost"].handler)
    row = request()
    cut = [row[: -len(ROW)], row[-len(ROW) :]]
    found = ways.run(lambda ways: ways.sent(row, row + row, row, request(b"1,red,\n"), row, *cut))
    assert found.count(b"HTTP/1.1 200 OK\r\n") == 8
    assert ways.answered == 7
    # The first one, two that come together, one of another length; and the last of all, which ends the connection.
    assert ways.parsed == 5


def test_heads_that_are_never_the_same_are_not_kept_for_ever(archives: Archives) -> None:
    ways = Ways(archives["binary", "xgboost"].handler)

    async def many(ways: Ways) -> int:
        await ways.sent(*(request(ROW, f"X-Id: {number}") for number in range(300)))
        return len(ways.known)

    assert 0 < ways.run(many) <= 256
    assert ways.answered == 300


def test_long_heads_are_answered_and_not_kept(archives: Archives) -> None:
    ways = Ways(archives["binary", "xgboost"].handler)

    async def ask(ways: Ways) -> int:
        await ways.sent(request(ROW, "X-Id: " + "a" * 3000))
        return len(ways.known)

    assert ways.run(ask) == 0
    assert ways.answered == 1


def test_what_has_to_wait_for_its_turn_goes_the_other_way(archives: Archives) -> None:
    ways = Ways(archives["binary", "xgboost"].handler, limits=Limits(round_seconds=0))
    assert ways.run(lambda ways: ways.sent(request())) == told(archives["binary", "xgboost"], request(), lane=False)[0]
    assert ways.answered == 0


def test_headers_that_others_add_are_added_on_the_other_way(archives: Archives) -> None:
    ways = Ways(archives["binary", "xgboost"].handler)

    async def ask(ways: Ways) -> bytes:
        ways.server.server_state.default_headers = [(b"date", b"today")]
        return await ways.sent(request())

    assert ways.run(ask).count(b"\r\ndate: today\r\n") == 2
    assert ways.answered == 0


def test_a_model_that_fails_says_so_in_the_log_alone(archives: Archives, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken:
        def at_once(self, *_: object) -> None:
            raise ZeroDivisionError

    for taken in (True, False):
        ways = Ways(Broken(), taken)  # type: ignore[arg-type]
        found = ways.run(lambda ways: ways.sent(request()))
        assert found.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
        assert b"the model failed to answer; its log says why." in found
        assert ways.answered == taken
        assert capsys.readouterr().err.count("Traceback") == 1
