from __future__ import annotations

import asyncio

import pytest

from inference.server.turns import BusyError, Turns


def test_requests_have_their_turn_at_once_while_the_round_lasts() -> None:
    async def check() -> None:
        turns = Turns(0.01, 2)
        seen = [turns.free]
        for seconds in (0.005, 0.006):
            turns.spend(seconds)
            seen.append(turns.free)
        await asyncio.sleep(0)
        assert [*seen, turns.free] == [True, True, False, True]

    asyncio.run(check())


def test_the_others_wait_in_line_in_order() -> None:
    async def check() -> list[int]:
        turns, order = Turns(0.01, 10), list[int]()

        async def ask(number: int) -> None:
            await turns.wait()
            order.append(number)
            turns.spend(0.02)

        turns.spend(1.0)
        await asyncio.gather(*map(ask, range(8)))
        return order

    assert asyncio.run(check()) == list(range(8))


def test_a_full_line_takes_nobody_but_work_that_has_begun() -> None:
    async def check() -> None:
        turns = Turns(0.01, 2)
        turns.spend(1.0)
        waiting = [asyncio.ensure_future(turns.wait()) for _ in range(2)]
        begun = asyncio.ensure_future(turns.go_on())
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await turns.wait()
        await asyncio.wait_for(asyncio.gather(*waiting, begun), 5)
        assert turns.waiting == 0

    asyncio.run(check())


def test_who_went_away_keeps_nobody_waiting() -> None:
    async def check() -> None:
        turns = Turns(0.01, 5)
        turns.spend(1.0)
        gone, stays = asyncio.ensure_future(turns.wait()), asyncio.ensure_future(turns.wait())
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait_for(stays, 5)

    asyncio.run(check())
