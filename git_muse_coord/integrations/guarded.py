"""The guard of a hook as this system can have it, under one name."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from git_muse_coord.integrations.timed import guarded_here as guarded
else:
    from git_muse_coord.integrations.apart import guarded_apart as guarded

__all__ = ["guarded"]
