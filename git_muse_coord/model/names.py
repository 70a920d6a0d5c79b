"""The names of our refs: where each thing is, which names of records are well formed, and which kinds have them."""

from __future__ import annotations

from git_muse_coord.model.later import re
from git_muse_coord.model.records import KINDS, REF_PREFIX

ARCHIVE = "refs/muse-archive/head"
"""What is past its time, as a tree of files."""
EPOCH = "refs/muse-epoch/head"
"""What every strict reservation moves on, so that of two at once one is late."""
INCOMING = "refs/muse-incoming/"
"""What was fetched and is not yet let in."""
NOTES = "refs/notes/muse-coord"
"""Where commits say which reservations they fulfil; git gives refs/notes/ a meaning of its own."""

# Kinds that a later version adds keep to this, so that ours can tell them from what is no record.
_WELL_FORMED = rf"{REF_PREFIX}[a-z][a-z-]{{0,63}}/[0-9a-z][0-9a-z-]{{0,127}}"
_PATTERNS = {kind.folder: kind.ref_pattern for kind in KINDS.values()}


def is_well_formed(ref: str) -> bool:
    """Whether a record of any kind, also of one still to come, could have this name."""
    return re.fullmatch(_WELL_FORMED, ref) is not None


def is_of_known_kind(ref: str) -> bool:
    """Whether a record of a kind that is known here could have this name."""
    if not ref.startswith(REF_PREFIX):
        return False
    folder, _, name = ref.removeprefix(REF_PREFIX).partition("/")
    pattern = _PATTERNS.get(folder)
    if pattern is None:
        return False
    return re.fullmatch(pattern, name) is not None


def is_of_unknown_kind(ref: str) -> bool:
    """Whether a name is well formed, in a folder that no kind has which is known here."""
    if not is_well_formed(ref):
        return False
    return folder_of(ref) not in _PATTERNS


def folder_of(ref: str) -> str:
    """The folder of a record's ref, which tells its kind."""
    folder, _, _ = ref.removeprefix(REF_PREFIX).partition("/")
    return folder
