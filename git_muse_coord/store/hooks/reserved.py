"""What tells the scripts of hooks that something is reserved, without asking git.

Git looks through all reservations to tell whether there is one, once they are packed: with 10,000
of them that takes as long as our program. A mark that is left behind costs the start of that once,
and one that is lost a question to git.
"""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository

MARK = "reserved"


def mark_reserved(repository: Repository, is_any: bool) -> None:
    """Leave word whether there ``is_any`` reservation, if that can be done."""
    path = os.path.join(repository.own_folder, MARK)
    if is_any == os.path.lexists(path):
        return
    if is_any:
        repository.mark(MARK)
        return
    with suppress(OSError):
        os.unlink(path)
