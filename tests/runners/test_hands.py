"""Threads and processes: how many there are, what they give, and how they end."""

from __future__ import annotations

import sys
import time
from threading import Event, current_thread

import pytest

from corpusgate.runners import threads, workers
from corpusgate.runners.stages import Stages
from corpusgate.runners.threads import in_order, unordered

GIGABYTE = 1 << 30


@pytest.mark.parametrize(
    ("jobs", "size", "by_python", "processes"),
    [
        (8, 3 * GIGABYTE, False, 8),
        (8, GIGABYTE, False, 0),
        (4, 9 * GIGABYTE, False, 0),
        (200, 3 * GIGABYTE, False, 96),
        (2, GIGABYTE, True, 2),
        (8, 70 << 20, True, 2),
        (8, 40 << 20, True, 0),
        (1, GIGABYTE, True, 0),
    ],
)
def test_processes_are_started_where_threads_do_not_do_as_well(jobs: int, size: int, by_python: bool, processes: int) -> None:
    assert workers.worth(jobs, size, by_python) == processes


@pytest.mark.parametrize("number", [1, 2, 3])
def test_everything_is_done_once(number: int) -> None:
    assert list(in_order(lambda item: item * item, range(50), number)) == [item * item for item in range(50)]
    assert sorted(unordered(lambda item: item * item, range(50), number)) == [item * item for item in range(50)]


def test_threads_work_side_by_side_and_take_short_turns() -> None:
    before, met = sys.getswitchinterval(), [Event(), Event()]

    def meet(item: int) -> float:
        met[item].set()
        assert met[1 - item].wait(10)
        assert current_thread().name.startswith("corpusgate")
        return sys.getswitchinterval()

    assert list(unordered(meet, range(2), 2)) == pytest.approx([threads.TURN] * 2, abs=1e-6)
    assert sys.getswitchinterval() == before


def test_what_goes_wrong_in_a_thread_goes_wrong_here_and_nothing_more_is_begun() -> None:
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        time.sleep(0.01)
        return 1 // (item - 1)

    with pytest.raises(ZeroDivisionError):
        list(unordered(work, range(1000), 2))
    assert len(begun) < 20


def test_who_leaves_waits_for_work_that_was_begun_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.05)
    begun, go, ended = Event(), Event(), Event()

    def work(item: int) -> int:
        if not item:
            assert begun.wait(10)
        else:
            begun.set()
            assert go.wait(10)
            ended.set()
        return item

    given = unordered(work, range(2), 2)
    assert next(given) == 0
    given.close()  # type: ignore[attr-defined]
    assert not ended.is_set()
    go.set()
    assert ended.wait(10)


def test_a_stage_in_a_thread_counts_its_own_time_alone() -> None:
    def work(_item: int) -> float:
        stages = Stages()
        with stages("busy"):
            end = time.thread_time() + 0.2
            while time.thread_time() < end:
                pass
        return stages.seconds["busy"]

    assert list(unordered(work, range(2), 2)) == pytest.approx([0.2, 0.2], abs=0.1)
