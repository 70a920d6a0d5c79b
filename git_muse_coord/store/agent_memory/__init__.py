"""What is remembered of agents between the events of their programs, in one file for all worktrees of a clone.

It can be deleted at any time: then something is told twice, or a session that has ended counts as
one that goes on. A worktree is named by its git directory, and a session by its run id.
"""

from __future__ import annotations

NAME = "agents-2.sqlite3"
"""The file. The number is that of the layout: each has a file of its own."""
