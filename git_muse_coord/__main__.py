"""``python -m git_muse_coord``: the program where its script is not on the PATH."""

from git_muse_coord.cli import main

if __name__ == "__main__":
    main()
