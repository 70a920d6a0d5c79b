"""What HEAD names, as the files of a git directory say it; what is not plainly said there is for git to say."""

from __future__ import annotations

import os

from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.text_types import Oid
from git_muse_coord.store.git.regular_file import read_beginning, read_regular

_BRANCHES = b"ref: refs/heads/"
_LENGTHS = (40, 64)
_DIGITS = frozenset(b"0123456789abcdef")
_MOST_BYTES = 4096
_BEGINNING = 16 << 10
_MOST_PACKED = 8 << 20
"""A larger file of packed refs is for git, which looks into it without reading all of it."""


class Head(NamedTuple):
    """``branch`` is null when detached, ``commit`` null when there is no commit yet."""

    branch: str | None
    commit: Oid | None


def is_head(git_dir: str) -> bool:
    """Whether the HEAD of a git directory is one in the usual form."""
    line = _head_line(git_dir)
    if line is None:
        return False
    if line.startswith(_BRANCHES):
        return True
    return _oid(line) is not None


def read_head(git_dir: str, common_dir: str) -> Head | None:
    """The branch and commit of HEAD; None where there is no commit, and for what is stored in another way."""
    line = _head_line(git_dir)
    if line is None:
        return None
    # with reftables the file says nothing true
    tables = os.path.join(common_dir, "reftable")
    if os.path.lexists(tables):
        return None
    detached = _oid(line)
    if detached is not None:
        return Head(None, detached)
    branch = line.removeprefix(_BRANCHES)
    if branch == line or not branch:
        return None
    if b".." in branch.split(b"/"):
        return None
    commit = _commit_of(b"refs/heads/" + branch, common_dir)
    if commit is None:
        return None
    return Head(os.fsdecode(branch), commit)


def _head_line(git_dir: str) -> bytes | None:
    path = os.path.join(git_dir, "HEAD")
    text = read_regular(path, _MOST_BYTES)
    if text is None or not text.endswith(b"\n"):
        return None
    return text.removesuffix(b"\n")


def _commit_of(ref: bytes, common_dir: str) -> Oid | None:
    path = os.path.join(common_dir, os.fsdecode(ref))
    loose = read_regular(path, _MOST_BYTES)
    if loose is not None:
        line = loose.removesuffix(b"\n")
        return _oid(line)
    is_there = os.path.lexists(path)
    if is_there and not os.path.isdir(path):  # a link, or what we cannot read
        return None
    # Only now: a ref that is being packed is in this file before its own goes away.
    packed_refs = os.path.join(common_dir, "packed-refs")
    # branches come before records, of which there may be very many
    beginning = read_beginning(packed_refs, _BEGINNING)
    commit = _packed_oid(beginning, ref)
    if commit is not None:
        return commit
    whole = read_regular(packed_refs, _MOST_PACKED)
    return _packed_oid(whole, ref)


def _packed_oid(packed: bytes | None, ref: bytes) -> Oid | None:
    """What a ref names in lines of ``packed-refs``, of which the last may be cut off."""
    if packed is None:
        return None
    behind_oid = b" %s\n" % ref
    end = packed.find(behind_oid)
    if end < 0:
        return None
    start = packed.rfind(b"\n", 0, end) + 1
    return _oid(packed[start:end])


def _oid(text: bytes) -> Oid | None:
    if len(text) in _LENGTHS and _DIGITS.issuperset(text):
        return Oid(text.decode())
    return None
