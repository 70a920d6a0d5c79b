"""A mark that an MCP server of ours answers the hooks of the program that started it, for as long as it lives.

A program lets an edit pass where the server that its hook calls is not there, so a command stands
beside that call. It looks for this mark first, with nothing but what a shell has built in, and ends
where it finds one: a process of ours at each edit is what is to be saved.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping

from git_muse_coord.store.git.processes import birth, is_zombie

_FOLDER = ".cache/git-muse-coord/answering"
"""In the home, and nowhere that a variable names: some programs keep those from their servers."""

_SESSION = re.compile(r"[A-Za-z0-9-]{1,100}")
"""What can stand in the name of a file, and in a shell."""

_LOOKED_AT_MOST = 1000


def shell_test(session: str) -> str:
    """What a shell asks: whether a server is up that has answered a ``session`` of the program which runs this line."""
    read = f'read -r server 2>/dev/null <"$HOME/{_FOLDER}/$PPID-{session}"'
    return f'{read} && kill -0 "$server" 2>/dev/null'


class AnsweringMark:
    """The marks of one server, a file for each session that it has answered; ``program`` is who started it.

    Of a server that is killed the mark stays, and names a process that is no more. No method raises:
    without a mark there is only more to do.
    """

    def __init__(self, environment: Mapping[str, str], program: int) -> None:
        home = environment.get("HOME", "")
        self._folder = os.path.join(home, _FOLDER) if os.path.isabs(home) else None
        self._program = program
        self._paths: set[str] = set()

    def put(self, session: str) -> None:
        """Say that a session is answered by us."""
        if self._folder is None or not _SESSION.fullmatch(session):
            return
        path = os.path.join(self._folder, f"{self._program}-{session}")
        # Somebody may have emptied the folder of caches.
        if path in self._paths and os.path.exists(path):
            return
        with contextlib.suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            if not self._paths:
                self._remove_those_of_the_dead(self._folder)
            with open(path, "w", encoding="ascii") as file:
                file.write(f"{os.getpid()}\n")
            self._paths.add(path)

    def take_back(self) -> None:
        """Say that nobody is answered by us any more, until the next ``put``."""
        for path in self._paths:
            with contextlib.suppress(OSError):
                os.unlink(path)
        self._paths.clear()

    def _remove_those_of_the_dead(self, folder: str) -> None:
        for name in os.listdir(folder)[:_LOOKED_AT_MOST]:
            path = os.path.join(folder, name)
            if not _is_of_a_living(path):
                with contextlib.suppress(OSError):
                    os.unlink(path)


def _is_of_a_living(path: str) -> bool:
    try:
        with open(path, encoding="ascii") as file:
            server = int(file.read(20))
    except (OSError, ValueError):
        # It may be written at this moment.
        return True
    return bool(birth(server)) and not is_zombie(server)
