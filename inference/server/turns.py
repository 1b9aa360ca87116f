"""Shares the event loop between requests: so much work in each of its rounds, and a bounded line for the rest."""

from __future__ import annotations

import asyncio
from collections import deque
from time import perf_counter

_LONGEST = 10


class BusyError(Exception):
    """The line is full."""


class Turns:
    """Lets requests have the loop one after another. What is not asked for its turn, such as /ping, waits one round."""

    def __init__(self, round_seconds: float, most_waiting: int) -> None:
        self._budget = round_seconds
        self._most = most_waiting
        self._spent = 0.0
        self._allowed = round_seconds
        self._began = perf_counter()
        self._usual = round_seconds
        self._armed = False
        self._line: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._line)

    @property
    def free(self) -> bool:
        """Whether a request has its turn at once."""
        return self._spent < self._allowed and not self._line

    async def wait(self) -> None:
        """Wait for a turn; raises BusyError where too many do."""
        if len(self._line) >= self._most:
            raise BusyError
        await self._join()

    async def go_on(self) -> None:
        """Wait for the next turn of work that has begun; never refused."""
        await self._join()

    def spend(self, seconds: float) -> None:
        """Say how long a turn took."""
        self._spent += seconds
        # A turn that the system interrupted says nothing about the others.
        self._usual += (min(seconds, 4 * self._usual) - self._usual) / 16
        if self._spent > self._budget / 4:  # A callback for each short answer would cost more than it knows.
            self._arm()

    async def _join(self) -> None:
        place = asyncio.get_running_loop().create_future()
        self._line.append(place)
        self._arm()
        await place

    def _arm(self) -> None:
        if not self._armed:
            self._armed = True
            asyncio.get_running_loop().call_soon(self._begin_round)

    def _begin_round(self) -> None:
        self._armed = False
        self._spent = 0.0
        # Where refusing takes the round's time, answering gets as much: a flood must not leave the server idle.
        now = perf_counter()
        self._allowed = min(max(self._budget, (now - self._began) / 2), _LONGEST * self._budget)
        self._began = now
        for _ in range(max(1, int(self._allowed / max(self._usual, 1e-6)))):
            if not self._line:
                return
            place = self._line.popleft()
            if not place.done():  # Its client may have gone.
                place.set_result(None)
        self._arm()
