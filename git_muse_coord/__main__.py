"""Where the program starts; ``python -m git_muse_coord`` where its script is not on the PATH.

The hooks of agents' programs and the completions of shells have doors of their own: loading click
would be half of what they cost.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Load the program and run it; loading takes long enough to be interrupted, too."""
    import gc
    import sys

    gc.disable()  # a command is over before garbage could matter, and loading makes none
    try:
        from git_muse_coord import loading

        loading.find_own_modules()
        from git_muse_coord.signals import see_children_end

        see_children_end()
        if sys.argv[1:2] == ["hook"]:
            from git_muse_coord.integrations.agents import door

            door.enter(sys.argv[1:])
        if sys.argv[1:2] == ["--complete"]:
            from git_muse_coord import completion

            completion.offer_words(sys.argv[1:])
        from git_muse_coord import boundary

        boundary.main()
    except KeyboardInterrupt:
        import os

        os.write(2, b"interrupted\n")
        os._exit(130)


if __name__ == "__main__":
    main()
