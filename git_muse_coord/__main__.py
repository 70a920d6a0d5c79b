"""Where the program starts; ``python -m git_muse_coord`` where its script is not on the PATH."""

from typing import NoReturn


def main() -> NoReturn:
    """Load the program and run it; loading takes long enough to be interrupted, too."""
    try:
        from git_muse_coord import cli

        cli.main()
    except KeyboardInterrupt:
        import os

        os.write(2, b"interrupted\n")
        os._exit(130)


if __name__ == "__main__":
    main()
