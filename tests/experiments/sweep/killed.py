"""Runs a sweep in a process of its own that kills itself, or waits to be killed. Arguments: folder, point, number,
dask.

`point` is "none", or where the process ends itself at the `number`-th file it writes: "write" (half of the bytes are
there), "flush" (all bytes are there, not yet flushed), "rename" (flushed, under the temporary name), "renamed" (in
place, the folder not yet flushed).
"""

import os
import signal
import sys

from stackcraft.experiments.sweep import Study, sweep

SPECIFICATION = {
    "title": "killed",
    "model": "slow_function:slow",
    "replicates": 3,
    "part_runs": 6,
    "seed": 5,
    "measures": {"y": "y", "z": "z"},
    "uncertainties": {"x": [0, 1]},
    "design": {"uncertainties": {"kind": "random", "size": 40}},
}


def main(folder, point="none", number="0", dask=""):
    written = 0

    def end():
        print(f"killed at {point} of file {written}", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    if point != "none":
        fdopen, fsync, replace = os.fdopen, os.fsync, os.replace

        class Half:
            """A file that takes half of what is written to it."""

            def __init__(self, stream):
                self.stream = stream

            def __enter__(self):
                return self

            def __exit__(self, *exception):
                self.stream.close()

            def write(self, data):
                nonlocal written
                written += 1
                if written == int(number) and point == "write":
                    self.stream.write(data[: len(data) // 2])
                    self.stream.flush()
                    end()
                self.stream.write(data)

            def flush(self):
                self.stream.flush()

            def fileno(self):
                return self.stream.fileno()

        def guarded_fsync(handle):
            if written == int(number) and point == "flush":
                end()
            fsync(handle)

        def guarded_replace(source, target):
            if written == int(number) and point == "rename":
                end()
            replace(source, target)
            if written == int(number) and point == "renamed":
                end()

        os.fdopen = lambda handle, mode: Half(fdopen(handle, mode)) if mode == "wb" else fdopen(handle, mode)
        os.fsync, os.replace = guarded_fsync, guarded_replace
    report = sweep(Study.from_dict(SPECIFICATION, "killed"), folder, threads=2, dask=dask or None)
    print("whole" if report.whole else "not whole", report.done, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
