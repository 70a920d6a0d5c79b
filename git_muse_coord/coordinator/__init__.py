"""The use cases behind the verbs: one module a verb, each a function of a ``Session``.

``Coordinator`` has them all and is the library API. A command imports only the use case that it
needs.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from git_muse_coord.coordinator.library import Coordinator

__all__ = ["Coordinator"]


def __getattr__(name: str) -> Any:
    if name == "Coordinator":
        from git_muse_coord.coordinator.library import Coordinator

        return Coordinator
    raise AttributeError(name)
