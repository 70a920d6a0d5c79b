"""Texts that must not be mistaken for one another, as types of their own.

Each is a plain ``str`` when the program runs. The type checker refuses one where another belongs.
A text becomes such a type once, where it enters: where bytes of a record are read, where a user's
input is parsed, or where git's output is split.
"""

from __future__ import annotations

from git_muse_coord.model.light import NewType

RecordId = NewType("RecordId", str)
"""The id of a record: ``sha256:`` and 64 hex digits of the hash of its bytes."""

RunId = NewType("RunId", str)
"""The name that a run of an agent gives itself; ``unknown`` for a run without identity."""

Oid = NewType("Oid", str)
"""The name that git has for an object: 40 hex digits, or 64 in a repository with SHA-256."""
