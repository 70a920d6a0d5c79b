"""Where learning from past merges starts: a process of its own, which takes its time and gives way to all others.

    python -m git_muse_coord.learner DIRECTORY hook|person

The second word says who caused it: on battery, nothing that a hook starts is worth the power.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_SHARE = 0.1
"""The part of one processor that it takes, on average."""
_LONGEST_REST = 60.0
_LONGEST_RUN = 3600.0
"""What is left then waits for the next process, so that none that went astray stays for ever."""
_POWER_OF_A_MAC = ("pmset", "-g", "batt")
_SUPPLIES = Path("/sys/class/power_supply")


def main() -> None:
    """Learn until nothing is left to learn. Whatever goes wrong is remembered, and told by ``status``."""
    directory, cause = sys.argv[1:]
    if cause == "hook" and _is_on_battery():
        return
    if hasattr(os, "nice"):
        os.nice(19)
    # So that what lies in temporary directories goes with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    from git_muse_coord.coordinator.learning import learn
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.errors import MuseCoordError

    with contextlib.suppress(MuseCoordError, OSError):
        learn(Session(directory, stays=False), _Pace().rest)


class _Pace:
    """Rests after each piece of work, in proportion to the time of the processor that it took."""

    def __init__(self) -> None:
        self._end = time.monotonic() + _LONGEST_RUN
        self._used = _processor_seconds()

    def rest(self) -> bool:
        """Rest. False: it is enough for this time."""
        used = _processor_seconds()
        spent = used - self._used
        self._used = used
        time.sleep(min(_LONGEST_REST, spent * (1 / _SHARE - 1)))
        return time.monotonic() < self._end


def _processor_seconds() -> float:
    """What this process and the gits that it has waited for have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _is_on_battery() -> bool:
    """Whether the system says that no power comes from outside; where it does not tell, it does."""
    if sys.platform == "darwin":
        with contextlib.suppress(OSError):
            return b"Battery Power" in subprocess.run(_POWER_OF_A_MAC, capture_output=True).stdout
    online: list[bool] = []
    has_battery = False
    with contextlib.suppress(OSError):
        for supply in _SUPPLIES.iterdir():
            kind = (supply / "type").read_text().strip()
            if kind == "Battery":
                has_battery = True
            elif kind == "Mains" or kind.startswith("USB"):
                online.append((supply / "online").read_text().strip() == "1")
    return has_battery and not any(online)


if __name__ == "__main__":
    main()
