"""What can be read without calling a tool: the reservations that are active, and each by its id."""

from __future__ import annotations

from collections.abc import Callable

import mcp_types as types
from mcp.shared.exceptions import MCPError

from git_muse_coord.coordinator.list import list_reservations
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.show import show
from git_muse_coord.model.results import Result

_ALL = "muse-coord://reservations"
_JSON = "application/json"

RESOURCES = [
    types.Resource(
        uri=_ALL,
        name="reservations",
        description="The active reservations",
        mime_type=_JSON,
    )
]
TEMPLATES = [
    types.ResourceTemplate(
        uri_template=f"{_ALL}/{{id}}",
        name="reservation",
        description="One reservation, or another record, by its id",
        mime_type=_JSON,
    )
]

Question = Callable[[Session], Result]


def question_of(uri: str) -> tuple[str, Question]:
    """The verb that answers for a resource, and the call of it. Raises MCPError where there is no such resource."""
    around, _, record_id = uri.removeprefix(_ALL).partition("/")
    if not uri.startswith(_ALL) or around:
        raise MCPError(
            types.INVALID_PARAMS, f"there is no resource {uri}, only {_ALL} and {_ALL}/ID"
        )
    if not record_id:
        return "list", list_reservations
    return "show", lambda session: show(session, record_id)
