"""What verbs answer, as values: the base of all answers, the parts that several share, and their JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any

from git_muse_coord.model.codec import Json, format_time


@dataclass(kw_only=True)
class Result:
    """An answer. ``warnings`` are sentences about what should be known beside it."""

    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ConflictDetail:
    """A reservation of another holder that overlaps an address; ``expires_at`` is its effective expiry."""

    address: str
    held_address: str
    reservation_id: str
    run_id: str
    branch: str | None
    operation: str | None
    reason: str | None
    created_at: datetime
    expires_at: datetime

    @property
    def sentence(self) -> str:
        """The conflict in one line."""
        as_what = "" if self.held_address == self.address else f", held as {self.held_address}"
        why = f", reason: {self.reason}" if self.reason else ""
        until = f"{self.expires_at:%Y-%m-%dT%H:%M:%S}"
        return f"{self.address} already reserved by run-id '{self.run_id}' (expires {until}){as_what}{why}"


@dataclass(frozen=True, kw_only=True)
class Held:
    """A reservation with its state: active, released or expired.

    ``seconds_left`` is 0 unless it is active; ``from_future`` marks one made by a clock that is far ahead of ours.
    """

    reservation_id: str
    run_id: str
    branch: str | None
    commit: str | None
    addresses: tuple[str, ...]
    operation: str | None
    reason: str | None
    depends_on: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    state: str
    effective_expires_at: datetime
    seconds_left: int
    from_future: bool


def as_json(value: Any) -> Json:
    """A result, or any part of one, as JSON values: times as text, tuples as lists."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, Mapping):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return {printed: as_json(getattr(value, name)) for name, printed in _names(value.__class__)}


@cache
def _names(cls: type) -> list[tuple[str, str]]:
    """The fields of a dataclass, each with the name that JSON has."""
    return [(item.name, item.name.rstrip("_")) for item in fields(cls)]
