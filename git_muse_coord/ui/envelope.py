"""The JSON envelope: one object on one line, the same for every verb and for every failure."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import json_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.errors import MuseCoordError
    from git_muse_coord.model.results import Result
    from git_muse_coord.ui.shape import Shape

SCHEMA_VERSION = "1"
"""The version of the JSON contract: raised when a field is removed or changes its meaning."""


def envelope(
    command: str | None,
    milliseconds: int,
    result: Result | None = None,
    error: MuseCoordError | None = None,
    shape: Shape | None = None,
) -> Iterator[str]:
    """An answer, a failure, or a failure with what is known of the answer; ASCII only, in pieces."""
    head: dict[str, Json] = {
        "schema_version": SCHEMA_VERSION,
        "command": command,
        "exit_code": error.exit_code if error else 0,
        "duration_ms": milliseconds,
        "warnings": [],
    }
    if error:
        head["error"] = {
            "code": error.name,
            "message": error.message,
            "hint": error.hint,
        }
    fields: dict[str, Any] = head
    if result is not None:
        fields |= vars(result)
    if shape is not None:
        from git_muse_coord.ui.shape import shaped

        fields = shaped(fields, shape)
    return json_object(fields)
