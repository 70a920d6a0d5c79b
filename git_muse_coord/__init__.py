"""Advisory reservations of symbols on plain git.

    >>> from git_muse_coord import Coordinator, MuseCoordError

The library's front door is :class:`Coordinator`; what it and the errors need is imported when they
are asked for, because start-up is most of what a command costs.
"""

from git_muse_coord.version import __version__

# What type checkers take for true. Importing it from typing would cost every hook 10 ms.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from git_muse_coord.coordinator.library import Coordinator
    from git_muse_coord.model.errors import (
        BadInput,
        BadRecords,
        HookStopped,
        Interrupted,
        MuseCoordError,
        NoRepository,
        NotThere,
        RemoteFailed,
        Stopped,
        StoreFailed,
        Unhealthy,
    )

__all__ = [
    "BadInput",
    "BadRecords",
    "Coordinator",
    "HookStopped",
    "Interrupted",
    "MuseCoordError",
    "NoRepository",
    "NotThere",
    "RemoteFailed",
    "Stopped",
    "StoreFailed",
    "Unhealthy",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "Coordinator":
        from git_muse_coord.coordinator import library

        return library.Coordinator
    from git_muse_coord.model import errors

    return getattr(errors, name)
