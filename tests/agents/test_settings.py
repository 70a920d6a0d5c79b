"""The settings of the hooks of agents' programs."""

from __future__ import annotations

import pytest

from git_muse_coord.model.errors import BadInput
from git_muse_coord.store.settings import Settings


def test_agents_are_informed_unless_something_else_is_said() -> None:
    assert Settings().agent_mode == "inform"
    assert Settings.of(b"local\0muse-coord.agentmode\nBlock\0").agent_mode == "block"
    with pytest.raises(BadInput, match="agentMode is 'stop', not one of inform, ask, block"):
        _ = Settings.of(b"local\0muse-coord.agentmode\nstop\0").agent_mode


def test_nothing_is_reserved_unasked_unless_that_is_wanted() -> None:
    assert not Settings().auto_reserve
    assert Settings.of(b"local\0muse-coord.autoreserve\ntrue\0").auto_reserve
