"""A process that measures one version of the project, started by `against.py` and never imported.

It runs on any version, also on those whose packages had other names: it uses nothing but a scenario and a simulation.
It reads one order a line, "batch RUNS" or "where RUNS", and answers each with one line of JSON.
"""

import importlib
import json
import sys
import time

COUNTS = ("tenders", "choices", "signed_deals", "renewed_deals")


def main() -> None:
    """Do what each line of standard input orders, until it ends. The first argument is the prefix of package names."""
    prefix, scenario_name, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
    model = importlib.import_module(f"{prefix}model")
    scenario = model.Scenario.load(scenario_name)
    if hasattr(scenario, "worlds"):  # versions that know worlds are timed in the one world of those that do not
        scenario = scenario.with_changes(worlds="default")

    def batch(runs: int) -> dict:
        wall, work = time.perf_counter(), time.process_time()
        with model.Simulation(scenario.with_changes(runs=runs), runs=runs, seed=seed, threads=1) as simulation:
            results = simulation.run().results
            took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - work}
            return took | {name: float(results[name].sum()) / runs for name in COUNTS}

    def where(runs: int) -> list:
        phases = importlib.import_module(f"{prefix}experiments.bench.phases")
        return phases.profile(scenario.with_changes(runs=runs), runs)

    for line in sys.stdin:
        order, runs = line.split()
        try:
            answer = {"batch": batch, "where": where}[order](int(runs))
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
