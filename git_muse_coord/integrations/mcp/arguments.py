"""Whether a call gives what its tool takes: the protocol leaves that to the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mcp_types as types
from jsonschema import Draft202012Validator
from mcp.shared.exceptions import MCPError

_VALIDATORS: dict[str, Draft202012Validator] = {}


def must_be_valid(
    name: str,
    schema: Mapping[str, Any],
    arguments: Mapping[str, Any],
) -> None:
    """Raises MCPError for arguments that a tool does not take: what passes reaches a use case as it is."""
    validator = _VALIDATORS.get(name)
    if validator is None:
        validator = _VALIDATORS[name] = Draft202012Validator(schema)
    complaint = next(validator.iter_errors(arguments), None)
    if complaint is not None:
        where = "".join(f"{step}: " for step in complaint.absolute_path)
        raise MCPError(types.INVALID_PARAMS, f"{name}: {where}{complaint.message}")
