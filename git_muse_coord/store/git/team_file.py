"""The file in which a team commits its settings, at the top of the worktree, as ``.gitattributes`` is.

The file of the worktree counts, committed or not; a bare repository has none. Git reads its syntax,
but only from the bytes that we hand to it: so nothing is included, and nothing is read twice.
"""

from __future__ import annotations

import os
import stat

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.setting_names import TEAM_FILE
from git_muse_coord.rules.team_settings import TeamSettings, team_settings
from git_muse_coord.store.git.regular_file import READ_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.store.git.repository import Repository

_MOST_BYTES = 1 << 16


def read_team_settings(repository: Repository, path: str) -> TeamSettings:
    """The settings in a team's file. Raises nothing: what cannot be read is told among the remarks."""
    try:
        facts = os.lstat(path)
        if stat.S_ISLNK(facts.st_mode):
            return _none("is a link, which could lead elsewhere, and does not count")
        if not stat.S_ISREG(facts.st_mode):
            return _none("is no file, and does not count")
        # by now something else may stand there
        descriptor = os.open(path, READ_FILE)
        # one byte more tells that it is too long
        with open(descriptor, "rb") as file:
            text = file.read(_MOST_BYTES + 1)
    except OSError as error:
        return _none(f"cannot be read: {error.strerror}")
    if len(text) > _MOST_BYTES:
        return _none(f"is longer than {_MOST_BYTES:,} bytes, and does not count")
    words = ("config", "--file", "-", "--no-includes", "--null", "--list")
    answer = repository.git.ask(*words, given=text)
    if answer.code:
        # git also names our pipe, which is not where anybody would look
        line, _, _ = answer.complaint.partition(" in ")
        return _none(f"is no configuration that git can read ({line}), and does not count")
    keys_and_values = _rows(answer.out)
    return team_settings(keys_and_values)


def _rows(listed: bytes) -> Iterator[tuple[str, str]]:
    """Keys and values; to git a key without a value is true."""
    *rows, _ = os.fsdecode(listed).split("\0")
    for row in rows:
        key, separator, value = row.partition("\n")
        if not separator:
            value = "true"
        yield key, value


def _none(why: str) -> TeamSettings:
    remark = f"{TEAM_FILE} {why}"
    return TeamSettings(remarks=(remark,))
