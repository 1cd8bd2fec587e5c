"""Mesa's agent and model come without the rest of Mesa, and whoever asks for the rest gets it."""

import subprocess
import sys


def printed(code):
    """What a new process prints that runs this code."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_only_agents_and_models_are_loaded_until_more_is_asked_for():
    code = (
        "import sys; from stackcraft.agents.mesa_parts import Agent, Model\n"
        "print('pandas' in sys.modules, 'scipy' in sys.modules)\n"
        "import mesa\n"
        "print('pandas' in sys.modules)\n"
        "print(mesa.Model is Model, mesa.Agent is Agent, mesa.DataCollector.__name__, 'pandas' in sys.modules)\n"
        "from mesa import *\n"
        "print(batch_run.__name__, mesa.__version__.count('.'))"
    )
    assert printed(code) == "False False False True True DataCollector True batch_run 2".split()


def test_its_names_are_shown_and_one_that_it_lacks_is_refused():
    code = (
        "import stackcraft.agents.mesa_parts, mesa\n"
        "print('DataCollector' in dir(mesa), hasattr(mesa, 'Nothing'), type(mesa.space).__name__)"
    )
    assert printed(code) == ["True", "False", "module"]


def test_who_has_imported_mesa_before_keeps_it():
    code = (
        "import mesa; before = mesa.Model\n"
        "from stackcraft.agents.mesa_parts import Model\n"
        "import mesa as after\n"
        "print(Model is before, type(after).__name__)"
    )
    assert printed(code) == ["True", "module"]


def test_two_threads_that_ask_at_once_both_get_an_answer():
    code = (
        "from threading import Thread\n"
        "import stackcraft.agents.mesa_parts, mesa\n"
        "found = []\n"
        "threads = [Thread(target=lambda: found.append(mesa.DataCollector)) for _ in range(4)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "print(len(found), len(set(found)))"
    )
    assert printed(code) == ["4", "1"]
