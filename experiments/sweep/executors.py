"""Where the work runs: threads of this process, or the workers of a Dask cluster. Both are executors of the standard
library's kind.

Job arrays need neither: `--shard i/n` gives each job its own parts. On SLURM and the like, `dask-jobqueue` starts a
cluster whose scheduler's address is given with `--dask`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from stackcraft.agents.errors import InputError
from stackcraft.experiments.extras import need
from stackcraft.model.batch import threads_available

LOCAL = "local"
ALLOWED_FAILURES = (
    10  # workers that may die under a part before it is given up: clusters take workers away for reasons of their own
)


@contextmanager
def executor(threads: int | None = None, dask: str | None = None) -> Iterator[tuple[Executor, int, Callable[[], bool]]]:
    """An executor, how many parts it works on at once, and whether it still answers. `dask` is a scheduler's address,
    or "local" for processes on this machine.

    Raises `InputError` if Dask is not installed or nobody answers at the address.
    """
    if dask is None:
        workers = threads or threads_available()
        pool = ThreadPoolExecutor(workers, thread_name_prefix="sweep")
        try:
            yield pool, workers, lambda: True
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return
    distributed = need("distributed", "dask")
    need("dask", "dask").config.set(
        {"distributed.scheduler.allowed-failures": ALLOWED_FAILURES, "distributed.worker.daemon": False}
    )
    cluster = None
    if dask == LOCAL:
        cluster = distributed.LocalCluster(
            n_workers=threads or threads_available(),
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=50,
            host="127.0.0.1",
        )
    try:
        client = distributed.Client(cluster if cluster is not None else dask, timeout=20)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"--dask {dask}: no scheduler answers there ({str(error).splitlines()[0]}); give an address such as tcp://10.0.0.5:8786, or local"
        ) from None
    try:
        workers = max(1, sum(client.nthreads().values()))
        # When the scheduler dies its futures never end; the client gives up after a while, and says so.
        yield client.get_executor(pure=False), workers, lambda: client.status not in ("closing", "closed")
    finally:
        client.close()
        if cluster is not None:
            cluster.close()
