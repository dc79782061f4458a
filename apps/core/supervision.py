"""Child processes that live and die with this one, and are started again when they fall."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE_S = 30.0
FIRST_PAUSE_S = 0.5
STEADY_AFTER_S = 30.0
LOOK_EVERY_S = 0.2
GRACE_S = 20.0

# Loaded before any fork: a child may not import between fork and exec.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _dies_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    """Ask the kernel to signal the child when this process dies, even by kill -9 (Linux only)."""
    libc = _LIBC
    if libc is None:
        return None
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(by))


@dataclass(slots=True)
class Child:
    """One supervised process.

    Attributes:
        orphan_signal: What the kernel sends it if this process dies without a word.
        falls: How often in a row it ended soon after its start.
    """

    name: str
    argv: Sequence[str]
    orphan_signal: signal.Signals = signal.SIGTERM
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    started_s: float = 0.0
    restart_at_s: float | None = None
    falls: int = 0

    def start(self) -> None:
        """Start it, and print what it says behind its name."""
        self.started_s = time.monotonic()
        self.restart_at_s = None
        self.process = subprocess.Popen(  # noqa: S603 - the arguments are our own
            self.argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            start_new_session=True,
            preexec_fn=_dies_with_parent(self.orphan_signal),  # noqa: PLW1509 - it calls one C function
            env={**os.environ, **self.environ},
        )
        threading.Thread(target=self._print, args=(self.process,), daemon=True).start()

    def look(self) -> None:
        """Start it again, a growing pause after it fell."""
        if self.process is None or self.process.poll() is None:
            return
        now_s = time.monotonic()
        if self.restart_at_s is None:
            steady = now_s - self.started_s > STEADY_AFTER_S
            self.falls = 0 if steady else self.falls + 1
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self.falls)
            self.restart_at_s = now_s + pause_s
            say(
                "up", f"{self.name} ended with {self.process.returncode}; again in {pause_s:.0f} s"
            )
        elif now_s >= self.restart_at_s:
            self.start()

    def ask_to_stop(self) -> None:
        """Let it finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop_by(self, deadline_s: float) -> None:
        """Wait for its end, and make an end at the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _print(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                say(self.name, line.rstrip("\n"))


def say(name: str, line: str) -> None:
    """Print a line behind a child's name."""
    sys.stdout.write(f"{name:>7} | {line}\n")
    sys.stdout.flush()


def supervise(children: Sequence[Child], *, stop: threading.Event) -> None:
    """Run the children until told to stop; then let each finish, within a limit."""
    for child in children:
        child.start()
    while not stop.wait(LOOK_EVERY_S):
        for child in children:
            child.look()
    for child in reversed(children):
        child.ask_to_stop()
    deadline_s = time.monotonic() + GRACE_S
    for child in children:
        child.stop_by(deadline_s)
