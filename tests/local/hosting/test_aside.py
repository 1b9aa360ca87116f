"""Work that nobody waits for: done side by side, refused where too much of it waits."""

from __future__ import annotations

import threading

from local.hosting.aside import Aside


def test_work_is_done_and_what_is_too_much_is_refused() -> None:
    aside, go, done = Aside("test", threads=2, most=3), threading.Event(), []

    def work() -> None:
        go.wait(10)
        done.append(threading.current_thread().name)

    running = threading.Barrier(3)

    def first() -> None:
        running.wait(10)
        work()

    assert aside.offer(first)
    assert aside.offer(first)
    running.wait(10)
    assert [aside.offer(work) for _ in range(4)] == [True, True, True, False]
    assert not aside.finish(0.05)
    go.set()
    assert aside.finish(10)
    assert len(done) == 5
    assert set(done) == {"test-1", "test-2"}


def test_a_thread_is_used_again_even_after_work_that_failed() -> None:
    aside = Aside("calm", threads=1, most=2)
    found: list[int] = []

    def fail() -> None:
        found.append(1)
        raise RuntimeError

    assert aside.offer(fail)
    assert aside.finish(10)
    assert aside.offer(lambda: found.append(2))
    assert aside.finish(10)
    assert found == [1, 2]
