"""Where the work runs: threads of this process, or the workers of a Dask cluster, both as executors.

Job arrays need neither: `--shard i/n` gives each job its own parts. On SLURM and the like, `dask-jobqueue` starts a
cluster whose scheduler's address is given with `--dask`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from stackcraft.agents.errors import InputError
from stackcraft.experiments.extras import need
from stackcraft.model.batch import threads_available

LOCAL = "local"
# Workers that may die under a part before it is given up: clusters take workers away for reasons of their own.
ALLOWED_FAILURES = 10


@dataclass(frozen=True)
class Workers:
    """An executor, how many parts it works on at once, whether it still answers, and whether it is elsewhere."""

    pool: Executor
    number: int
    alive: Callable[[], bool] = lambda: True
    remote: bool = False


@contextmanager
def executor(threads: int | None = None, dask: str | None = None) -> Iterator[Workers]:
    """Give the workers: threads here, or those of the scheduler at `dask`, an address or "local" for processes here.

    Raises `InputError` if Dask is not installed or nobody answers at the address.
    """
    if dask is None:
        number = threads or threads_available()
        pool = ThreadPoolExecutor(number, thread_name_prefix="sweep")
        try:
            yield Workers(pool, number)
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
            f"--dask {dask}: no scheduler answers there ({str(error).splitlines()[0]}); give an address such as "
            "tcp://10.0.0.5:8786, or local"
        ) from None
    try:
        number = max(1, sum(client.nthreads().values()))
        # When the scheduler dies its futures never end; the client gives up after a while, and says so.
        yield Workers(
            client.get_executor(pure=False), number, lambda: client.status not in ("closing", "closed"), remote=True
        )
    finally:
        client.close()
        if cluster is not None:
            cluster.close()
