"""Where the hooks find the program: clients with windows start git with a PATH of their own, not with that of a shell.

Kept in git's configuration, because a script of hooks can be one that all of a team share.
"""

from __future__ import annotations

import os
import shutil
import sys

from git_muse_coord.coordinator.session import Session
from git_muse_coord.rules.setting_names import SECTION

_PROGRAM = "git-muse-coord"
_KEY = f"{SECTION}.path"


def keep_program_folder(session: Session) -> None:
    """Keep where the program is now, if that is known."""
    folder = _folder()
    if folder is not None and folder != session.settings.program_folder:
        session.repository.git.run_apart("config", "--local", "--replace-all", _KEY, folder)


def forget_program_folder(session: Session) -> None:
    """Keep it no longer. What is not there any more is as it should be."""
    if session.settings.program_folder is not None:
        session.repository.git.ask_apart("config", "--local", "--unset-all", _KEY)


def _folder() -> str | None:
    """The folder of the program that a shell would start, else that of this Python; as a shell has it in a PATH."""
    place = shutil.which(_PROGRAM) or shutil.which(_PROGRAM, path=os.path.dirname(sys.executable))
    if place is None:
        return None
    # not where a link of it leads: the link stays when a newer version is installed
    folder = os.path.dirname(os.path.abspath(place))
    drive, rest = os.path.splitdrive(folder)
    if not drive:
        return folder
    # a colon would part it in two for the shell of git on Windows
    letter = drive.rstrip(":").lower()
    return f"/{letter}{rest}".replace(os.sep, "/")
