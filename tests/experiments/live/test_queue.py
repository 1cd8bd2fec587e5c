"""The queue with made-up work: fairness, shared and dropped work, errors, and the room for results."""

import threading
import time
from dataclasses import dataclass, field

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.live.queue import Queue, Stopped, Task

PATIENCE = 20  # seconds: only a queue that hangs takes as long


@dataclass(eq=False)
class Sums:
    """Work that sleeps and adds numbers up; `gate` holds its parts back until it is set."""

    key: str
    count: int = 4
    seconds: float = 0.0
    ranks: tuple = ()
    shows_at: tuple = ()
    wrong: int | None = None
    weight: int = 10
    gate: threading.Event | None = None
    log: list = field(default_factory=list)

    def parts(self):
        return [Task(self._part(number), *([self.ranks[number]] if self.ranks else [])) for number in range(self.count)]

    def _part(self, number):
        def run(stop):
            until = time.perf_counter() + self.seconds
            while time.perf_counter() < until or (self.gate is not None and not self.gate.is_set()):
                if stop():
                    raise Stopped
                time.sleep(0.001)
            if number == self.wrong:
                raise InputError("a lever is unknown")
            self.log.append((self.key, number, time.perf_counter()))
            return number

        return run

    def shows(self, done):
        return len(done) in self.shows_at

    def fold(self, pieces):
        return sum(pieces.values())

    def size(self, value):
        return self.weight


@pytest.fixture
def queue():
    one = Queue(workers=2, room_bytes=25)
    yield one
    one.close()


@pytest.fixture
def alone():
    one = Queue(workers=1)
    yield one
    one.close()


def until(condition):
    end = time.perf_counter() + PATIENCE
    while not condition():
        assert time.perf_counter() < end, "waited in vain"
        time.sleep(0.002)


def test_the_result_is_folded_from_every_part(queue):
    job = queue.ask("ann", "a", Sums("x", 5))
    assert queue.wait(job, PATIENCE) == 10
    assert (job.done, job.total, job.finished, job.error) == (5, 5, True, "")


def test_first_pictures_come_before_the_rest_and_are_told(alone):
    told = []
    gate = threading.Event()
    work = Sums("x", 4, ranks=(1, 0, 1, 0), shows_at=(2,), gate=gate)
    job = alone.ask("ann", "a", work, lambda: told.append(job.value))
    gate.set()
    assert alone.wait(job, PATIENCE) == 6
    assert [number for _, number, _ in work.log] == [1, 3, 0, 2]
    until(lambda: len(told) == 4)
    assert 4 in told and told[-1] == 6


def test_visitors_take_turns_however_much_one_of_them_asks(alone):
    gate = threading.Event()
    log = []
    greedy = [Sums(f"greedy {number}", 12, 0.004, gate=gate, log=log) for number in range(3)]
    for number, work in enumerate(greedy):
        alone.ask("greedy", str(number), work)
    modest = Sums("modest", 4, 0.004, gate=gate, log=log)
    job = alone.ask("modest", "a", modest)
    gate.set()
    alone.wait(job, PATIENCE)
    before = [key for key, _, _ in log[: log.index(next(row for row in log if row[:2] == ("modest", 3)))]]
    # Turn about: with one part of the other for each of one's own, and one or two that had begun.
    assert sum(key.startswith("greedy") for key in before) <= 4 + 3


def test_eight_visitors_are_done_within_their_share(queue):
    works = [Sums(f"work {number}", 4, 0.01) for number in range(8)]
    start = time.perf_counter()
    jobs = [queue.ask(f"visitor {number}", "a", work) for number, work in enumerate(works)]
    for job in jobs:
        queue.wait(job, PATIENCE)
    last = max(row[2] for work in works for row in work.log) - start
    assert last < 3 * 8 * 4 * 0.01 / 2  # eight times four parts over two workers, and room for a busy machine


def test_idle_time_earns_nothing(alone):
    alone.wait(alone.ask("late", "a", Sums("early", 1)), PATIENCE)
    alone.wait(alone.ask("busy", "a", Sums("long", 40, 0.005)), PATIENCE)
    gate, log = threading.Event(), []
    alone.ask("busy", "a", Sums("busy", 40, 0.004, gate=gate, log=log))
    job = alone.ask("late", "a", Sums("late", 40, 0.004, gate=gate, log=log))
    gate.set()
    alone.wait(job, PATIENCE)
    until(lambda: len(log) >= 79)
    # Room for a machine that holds one part up while the other side has several: it is time that is shared.
    half = [key for key, _, _ in log[:40]]
    assert half.count("busy") >= 2  # who was idle does not catch up on years of waiting


def test_the_same_question_is_worked_out_once(queue):
    gate = threading.Event()
    first = Sums("same", 6, gate=gate)
    second = Sums("same", 6, gate=gate)
    one, two = queue.ask("ann", "a", first), queue.ask("bob", "a", second)
    assert one is two
    gate.set()
    assert queue.wait(two, PATIENCE) == 15 and len(first.log) == 6 and not second.log
    assert queue.ask("cat", "a", Sums("same", 6)) is one  # and kept for who asks later


def test_a_shared_question_goes_on_when_one_of_two_leaves(queue):
    gate = threading.Event()
    job = queue.ask("ann", "a", Sums("same", 3, gate=gate))
    queue.ask("bob", "a", Sums("same", 3))
    queue.leave("ann")
    gate.set()
    assert queue.wait(job, PATIENCE) == 3


def test_a_new_question_drops_the_old_one_in_its_slot(alone):
    gate = threading.Event()
    old = Sums("old", 50, gate=gate)
    job = alone.ask("ann", "a", old)
    until(lambda: job.running)
    new = alone.ask("ann", "a", Sums("new", 2))
    assert alone.wait(new, PATIENCE) == 1
    assert not old.log and not job.finished and alone.load()["jobs"] == 0


def test_other_slots_are_left_alone(queue):
    gate = threading.Event()
    kept = queue.ask("ann", "map", Sums("map", 2, gate=gate))
    queue.ask("ann", "doubt", Sums("doubt", 2, gate=gate))
    queue.ask("ann", "doubt", Sums("other doubt", 2, gate=gate))
    gate.set()
    assert queue.wait(kept, PATIENCE) == 1


def test_who_waits_for_a_dropped_question_is_told(alone):
    gate = threading.Event()
    job = alone.ask("ann", "a", Sums("x", 2, gate=gate))
    found = []

    def waiting():
        with pytest.raises(Stopped):
            alone.wait(job, PATIENCE)
        found.append(True)

    thread = threading.Thread(target=waiting)
    thread.start()
    alone.leave("ann", "a")
    thread.join(PATIENCE)
    assert found
    gate.set()


def test_a_question_dropped_and_asked_again_is_answered(alone):
    gate = threading.Event()
    first = alone.ask("ann", "a", Sums("x", 2, gate=gate))
    until(lambda: first.running)
    alone.leave("ann")
    again = alone.ask("ann", "a", Sums("x", 2))
    assert again is not first and alone.wait(again, PATIENCE) == 1


class Slow(Sums):
    """Work whose fold can be held up."""

    def __init__(self, key, hold, folding):
        super().__init__(key, 1)
        self.hold, self.folding = hold, folding

    def fold(self, pieces):
        self.folding.set()
        self.hold.wait(PATIENCE)
        return super().fold(pieces)


def test_a_late_result_does_not_push_out_a_younger_question_of_the_same_kind(queue):
    hold, folding = threading.Event(), threading.Event()
    queue.ask("ann", "a", Slow("x", hold, folding))
    assert folding.wait(PATIENCE)
    queue.leave("ann")  # while the last fold is under way
    gate = threading.Event()
    younger = queue.ask("bob", "a", Sums("x", 3, gate=gate))
    hold.set()
    until(lambda: queue.load()["kept"] == 1)
    gate.set()
    assert queue.wait(younger, PATIENCE) == 3


def test_an_error_is_one_line_and_ends_the_question_alone(queue):
    told = threading.Event()
    job = queue.ask("ann", "a", Sums("wrong", 4, wrong=1), told.set)
    with pytest.raises(InputError, match=r"^a lever is unknown$"):
        queue.wait(job, PATIENCE)
    assert told.wait(PATIENCE) and job.finished
    assert queue.wait(queue.ask("ann", "a", Sums("right", 3)), PATIENCE) == 3
    assert queue.load()["jobs"] == 0


def test_what_cannot_be_summed_up_is_said(queue):
    class Bad(Sums):
        def fold(self, pieces):
            raise RuntimeError("every run failed")

    with pytest.raises(InputError, match="every run failed"):
        queue.wait(queue.ask("ann", "a", Bad("x", 2)), PATIENCE)


def test_a_first_picture_that_fails_waits_for_more(alone):
    class Later(Sums):
        def fold(self, pieces):
            if len(pieces) < 3:
                raise RuntimeError("every run failed")
            return len(pieces)

    assert alone.wait(alone.ask("ann", "a", Later("x", 3, shows_at=(1, 2))), PATIENCE) == 3


def test_a_page_that_cannot_be_told_does_not_end_the_workers(queue):
    def broken():
        raise RuntimeError("the page is gone")

    for number in range(4):
        queue.wait(queue.ask("ann", "a", Sums(f"x{number}", 2), broken), PATIENCE)
    assert queue.wait(queue.ask("bob", "a", Sums("y", 4)), PATIENCE) == 6


def test_work_without_parts_is_refused_and_leaves_nothing(queue):
    with pytest.raises(ValueError, match="no parts"):
        queue.ask("ann", "a", Sums("nothing", 0))
    assert queue.load()["jobs"] == 0


def test_results_are_kept_while_there_is_room(queue):
    for name in ("one", "two", "three"):
        queue.wait(queue.ask("ann", "a", Sums(name, 2)), PATIENCE)
    assert queue.load()["kept"] == 2 and queue.load()["kept_bytes"] == 20  # of 25
    again = Sums("one", 2)
    queue.wait(queue.ask("ann", "a", again), PATIENCE)
    assert len(again.log) == 2  # the oldest had to go
    three = Sums("three", 2)
    queue.wait(queue.ask("ann", "a", three), PATIENCE)
    assert not three.log


def test_work_that_is_not_to_be_kept_is_not(queue):
    work = Sums("once", 2)
    work.keep = False
    queue.wait(queue.ask("ann", "a", work), PATIENCE)
    assert queue.load()["kept"] == 0


def test_a_finished_question_holds_on_to_no_page(queue):
    told = threading.Event()
    job = queue.ask("ann", "a", Sums("x", 2), told.set)
    queue.wait(job, PATIENCE)
    assert told.wait(PATIENCE)
    until(lambda: not job.watchers)
    queue.leave("ann")
    assert queue.load()["visitors"] == 0


def test_closing_stops_what_is_under_way():
    queue = Queue(workers=2)
    gate = threading.Event()
    job = queue.ask("ann", "a", Sums("endless", 10, gate=gate))
    until(lambda: job.running)
    queue.close()
    assert not job.finished
    with pytest.raises(Stopped):
        queue.wait(job, PATIENCE)


def test_stopping_ends_all_waiting_at_once_also_of_who_asks_afterwards(queue):
    job = queue.ask("a", "0", Sums("held", gate=threading.Event()))
    ended = []

    def wait():
        try:
            queue.wait(job, PATIENCE)
        except Stopped:
            ended.append(time.perf_counter())

    thread = threading.Thread(target=wait)
    thread.start()
    began = time.perf_counter()
    queue.stop()
    thread.join(PATIENCE)
    assert ended and ended[0] - began < PATIENCE / 4
    with pytest.raises(Stopped):
        queue.wait(queue.ask("a", "1", Sums("late")), PATIENCE)
