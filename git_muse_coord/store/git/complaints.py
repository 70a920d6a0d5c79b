"""The one line of what git complains of that says what went wrong; loaded when something did."""

from __future__ import annotations

from collections.abc import Sequence

_BEGINNINGS = ("fatal: ", "error: ")


def complaint_of(code: int, err: bytes) -> str:
    """The line among what git said on stderr, without the word before it; else what its exit code tells."""
    text = err.decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:  # killed, for example because no file may grow
        if code < 0:
            return f"signal {-code} stopped it"
        return f"exit code {code}"
    place = _place_of_error(lines)
    *_, said = lines[place].split(": ", 1)
    said = said.strip()
    following = lines[place + 1 :]
    if said.endswith(":") and following:
        # git goes on in the next line, such as with the path of a lock
        return f"{said} {following[0].strip()}"
    return said


def _place_of_error(lines: Sequence[str]) -> int:
    """Where git says what went wrong; hints and warnings may stand before and after."""
    for place, line in enumerate(lines):
        if line.startswith(_BEGINNINGS):
            return place
    return len(lines) - 1
