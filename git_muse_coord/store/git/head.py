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
    text = _head_line(git_dir)
    return text is not None and (text.startswith(_BRANCHES) or _oid(text) is not None)


def read_head(git_dir: str, common_dir: str) -> Head | None:
    """The branch and commit of HEAD; None where there is no commit, and for what is stored in another way."""
    text = _head_line(git_dir)
    # with reftables the file says nothing true
    if text is None or os.path.lexists(os.path.join(common_dir, "reftable")):
        return None
    detached = _oid(text)
    if detached is not None:
        return Head(None, detached)
    branch = text.removeprefix(_BRANCHES)
    if branch == text or not branch or b".." in branch.split(b"/"):
        return None
    commit = _commit_of(b"refs/heads/" + branch, common_dir)
    return None if commit is None else Head(os.fsdecode(branch), commit)


def _head_line(git_dir: str) -> bytes | None:
    text = read_regular(os.path.join(git_dir, "HEAD"), _MOST_BYTES)
    return text.removesuffix(b"\n") if text is not None and text.endswith(b"\n") else None


def _commit_of(ref: bytes, common_dir: str) -> Oid | None:
    path = os.path.join(common_dir, os.fsdecode(ref))
    loose = read_regular(path, _MOST_BYTES)
    if loose is not None:
        return _oid(loose.removesuffix(b"\n"))
    if os.path.lexists(path) and not os.path.isdir(path):  # a link, or what we cannot read
        return None
    # Only now: a ref that is being packed is in this file before its own goes away.
    packed_refs = os.path.join(common_dir, "packed-refs")
    # branches come before records, of which there may be very many
    beginning = read_beginning(packed_refs, _BEGINNING)
    return _packed_oid(beginning, ref) or _packed_oid(read_regular(packed_refs, _MOST_PACKED), ref)


def _packed_oid(packed: bytes | None, ref: bytes) -> Oid | None:
    """What a ref names in lines of ``packed-refs``, of which the last may be cut off."""
    if packed is None:
        return None
    end = packed.find(b" " + ref + b"\n")
    if end < 0:
        return None
    start = packed.rfind(b"\n", 0, end) + 1
    return _oid(packed[start:end])


def _oid(text: bytes) -> Oid | None:
    if len(text) in _LENGTHS and _DIGITS.issuperset(text):
        return Oid(text.decode())
    return None
