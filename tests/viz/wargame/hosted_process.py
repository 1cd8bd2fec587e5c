"""`stackcraft wargame host` in a process of its own, which can be killed and started again on the same folder."""

import os
import re
import signal
import subprocess
import sys
import time

from tests.viz.browsing import ROOT, free_port
from tests.viz.wargame.hosting import Device


class Process:
    """A host on a free port. `start` also starts it again; `took` is how long it took to answer."""

    def __init__(self, folder, *options):
        self.folder, self.options, self.port = folder, options, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder.parent / f"{folder.name}.log"
        self.start()

    def start(self):
        command = [sys.executable, "-m", "stackcraft.viz.cli.main", "wargame", "host", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--games", str(self.folder), "--no-browser", "--no-clock", *self.options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self.log.write_text("")
        began = time.monotonic()
        with self.log.open("a") as stream:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stream, stderr=subprocess.STDOUT)
        while "Ctrl-C" not in self.said():
            assert self.process.poll() is None, f"the host ended: {self.said()[-2000:]}"
            assert time.monotonic() - began < 240, f"the host is not ready: {self.said()[-2000:]}"
            time.sleep(0.02)
        self.took = time.monotonic() - began
        self.code = re.search(r"code ([A-Z0-9]{6})", self.said())[1]
        self.desk_token = re.search(r"Your own page\s+\S+#(\S+)", self.said())[1]

    def said(self):
        return self.log.read_text(encoding="utf-8")

    def fresh(self):
        """Limits live in the process: tests wait instead."""

    def device(self):
        return Device(self, self.code)

    def join(self, seat):
        device = self.device()
        assert device.post("join", seat=seat).status == 303
        return device

    def desk(self):
        device = self.device()
        assert device.post("enter", secret=self.desk_token).status == 303
        return device

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def memory_mb(self):
        """Resident memory of the process."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
