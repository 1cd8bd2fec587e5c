"""What one visitor may not do to others: take every worker, or make them wait while work is cut into parts."""

import threading

from stackcraft.experiments.live import Queue
from stackcraft.experiments.live.queue import Task

SOON = 10  # seconds that no test should come near


class Given:
    """Work of parts that are given."""

    def __init__(self, key, *parts):
        self.key, self._parts = key, parts

    def parts(self):
        return self._parts

    def shows(self, done):
        return False

    def fold(self, pieces):
        return pieces

    def size(self, value):
        return 1


def test_long_parts_leave_a_worker_to_the_others():
    queue, begun, end = Queue(workers=2), threading.Semaphore(0), threading.Event()

    def wait(stop):
        begun.release()
        return end.wait(SOON)

    try:
        long = [queue.ask(f"download {number}", "", Given(number, Task(wait, long=True))) for number in range(3)]
        assert begun.acquire(timeout=SOON)
        assert queue.wait(queue.ask("visitor", "", Given("short", Task(lambda stop: "seen"))), SOON) == {0: "seen"}
        assert not begun.acquire(blocking=False), "only one of two workers does long parts"
        end.set()
        assert [queue.wait(job, SOON) for job in long] == [{0: True}] * 3
    finally:
        end.set()
        queue.close()


def test_a_long_part_is_done_where_there_is_one_worker():
    queue = Queue(workers=1)
    try:
        assert queue.wait(queue.ask("download", "", Given("one", Task(lambda stop: 1, long=True))), SOON) == {0: 1}
    finally:
        queue.close()


def test_cutting_work_into_parts_holds_nobody_up():
    queue, cutting, end = Queue(workers=1), threading.Event(), threading.Event()

    class Slow(Given):
        def parts(self):
            cutting.set()
            end.wait(SOON)
            return super().parts()

    asking = threading.Thread(target=lambda: queue.ask("slow", "", Slow("slow", Task(lambda stop: 1))))
    try:
        asking.start()
        assert cutting.wait(SOON)
        assert queue.wait(queue.ask("quick", "", Given("quick", Task(lambda stop: 2))), SOON) == {0: 2}
        assert not end.is_set()
    finally:
        end.set()
        asking.join()
        queue.close()
