"""Every failure a user can meet, each with its exit code. What is not here is a bug."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, ClassVar


class MuseCoordError(Exception):
    """A failure with a one-line message, an exit code and a hint about what to do.

    ``result`` is the verb's answer as far as it is known, shown in JSON beside the error.
    """

    exit_code: ClassVar[int] = 3
    name: ClassVar[str] = "internal"

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        result: Any = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.result = result


class BadInput(MuseCoordError):
    """What was asked cannot be done as asked: usage, validation, an unknown or ambiguous id."""

    exit_code = 1
    name = "bad_input"


class BadRecords(MuseCoordError):
    """A check of the store found something wrong."""

    exit_code = 1
    name = "bad_records"


class Unhealthy(MuseCoordError):
    """A check of the installation found something broken."""

    exit_code = 1
    name = "unhealthy"


class Stopped(MuseCoordError):
    """A conflict, where stopping at conflicts was asked for."""

    exit_code = 2
    name = "conflict"


class HookStopped(Stopped):
    """A conflict that stops what git was about to do. Our scripts alone know the code: a broken Python says 2, too."""

    exit_code = 86


class NoRepository(MuseCoordError):
    """There is no repository here that can be used."""

    exit_code = 3
    name = "no_repository"


class StoreFailed(MuseCoordError):
    """Git or the file system refused to read or write; nothing was acknowledged."""

    exit_code = 3
    name = "store_failed"


class NotThere(MuseCoordError):
    """What was named is gone, was never here, or somebody else won it."""

    exit_code = 4
    name = "not_there"


class Interrupted(MuseCoordError):
    """The command was asked to end; what it may have stored by then is named."""

    exit_code = 130
    name = "interrupted"


class RemoteFailed(MuseCoordError):
    """The remote could not be reached or refused; local records stay."""

    exit_code = 5
    name = "remote_failed"


class LoginFailed(RemoteFailed):
    """The remote did not let us in: to try again helps nobody before a person has seen to it."""
