"""The program, run as if on another system: without what that system lacks, by the name that it has.

    python tests/systems/elsewhere.py win32|darwin VERB...

No test on such a system: paths, locks and processes are those of this one. It shows that no name is used
that is not there, and that the branches for that system work as far as they can be run here.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]

# What these need themselves is not ours to take away, so they are loaded before.
import concurrent.futures.process
import ctypes
import multiprocessing.resource_tracker
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import types
import zipfile

import click
import filelock
import pygit2

LOADED_BEFORE = (
    *(click, filelock, pygit2, subprocess, tempfile, threading, zipfile),
    *(concurrent.futures.process, multiprocessing.resource_tracker),
)

MISSING_ON_WINDOWS = {
    os: (
        *("fork", "forkpty", "killpg", "getpgrp", "getpgid", "setpgid", "setsid", "getsid"),
        *("geteuid", "getuid", "getegid", "getgid", "chown", "lchown", "fchown", "fchmod"),
        *("WNOHANG", "WIFEXITED", "WIFSIGNALED", "WTERMSIG", "WEXITSTATUS"),
        *("posix_spawn", "posix_spawnp", "POSIX_SPAWN_DUP2", "POSIX_SPAWN_CLOSE"),
        *("pread", "pwrite", "nice", "sysconf", "mkfifo", "statvfs", "uname"),
        *("O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "O_CLOEXEC"),
    ),
    signal: ("SIGKILL", "SIGHUP", "SIGALRM", "SIGPROF", "SIGCHLD", "setitimer", "pthread_sigmask"),
    _signal: ("SIGKILL", "SIGHUP", "SIGALRM", "SIGPROF", "SIGCHLD", "setitimer", "pthread_sigmask"),
    select: ("poll",),
}
MODULES_MISSING_ON_WINDOWS = ("fcntl", "pwd", "resource", "termios")


class Kernel:
    """Stands for what Windows says of processes."""

    _TIME_OUT = 258

    @staticmethod
    def OpenProcess(rights: int, inherit: bool, pid: int) -> int:  # noqa: N802, ARG004 - its name
        return pid if os.path.exists(f"/proc/{pid}") else 0

    @staticmethod
    def WaitForSingleObject(handle: int, milliseconds: int) -> int:  # noqa: N802, ARG004
        return Kernel._TIME_OUT

    @staticmethod
    def CloseHandle(handle: int) -> int:  # noqa: N802, ARG004
        return 1


def become(system: str) -> None:
    """Take away what a system lacks, and take its name."""
    if system == "win32":
        _keep_for_others()
        for module, names in MISSING_ON_WINDOWS.items():
            for name in names:
                if hasattr(module, name):
                    delattr(module, name)
        vars(ctypes)["windll"] = types.SimpleNamespace(kernel32=Kernel)
        for name in MODULES_MISSING_ON_WINDOWS:
            sys.modules[name] = None  # type: ignore[assignment]
    sys.platform = system
    from git_muse_coord.store.git import processes

    processes.PROC = "/nowhere"


def _keep_for_others() -> None:
    """Let what is loaded and not ours go on as before: it would do its work in another way on that system."""
    for module in MISSING_ON_WINDOWS:
        whole = types.ModuleType(module.__name__)
        vars(whole).update(vars(module))
        for other in list(sys.modules.values()):
            for name, value in list(vars(other).items()) if hasattr(other, "__dict__") else ():
                if value is module and other is not sys.modules["__main__"]:
                    setattr(other, name, whole)


if __name__ == "__main__":
    become(sys.argv.pop(1))
    from git_muse_coord.boundary import main

    main()
