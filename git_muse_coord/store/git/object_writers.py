"""Having git or libgit2 write blobs, where they are not written plainly as files, or where they are many."""

from __future__ import annotations

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.process import DURABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pygit2

    from git_muse_coord.store.git.process import Git


def written_by_git(git: Git, blobs: Sequence[bytes]) -> list[str]:
    """A process a blob, all at once: a gc that takes what no ref names must not find the first before the last.

    Raises StoreFailed.
    """
    command = (*DURABLE, "hash-object", "-w", "--stdin")
    writers = [git.begin(*command) for _ in blobs]
    oids: list[str] = []
    complaints: list[str] = []
    # Each is read to its end, also behind one that failed: no process is left behind.
    for writer, blob in zip(writers, blobs, strict=True):
        answer = writer.answer(blob)
        if answer.code:
            complaints.append(answer.complaint)
        oids += answer.words
    if complaints:
        raise StoreFailed(f"git hash-object failed: {complaints[0]}")
    return oids


def written_by_library(library: pygit2.Repository, blobs: Sequence[bytes]) -> list[str]:
    """The same by libgit2, one after another. Raises StoreFailed."""
    import pygit2

    oids: list[str] = []
    try:
        for blob in blobs:
            oid = library.create_blob(blob)
            oids.append(str(oid))
    except (pygit2.GitError, ValueError, OSError, KeyError) as error:
        raise StoreFailed(f"cannot write an object: {error}") from error
    return oids
