"""What the page of the architecture names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_module_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:\w+/)*\w+\.py)`", PAGE))
    missing = [
        path
        for path in named
        if "x_y" not in path and not path.endswith("/x.py") and not exists(path)
    ]
    assert len(named) > 60
    assert missing == []


def exists(path: str) -> bool:
    return (ROOT / "git_muse_coord" / path).is_file() or (ROOT / path).is_file()


def test_every_folder_of_the_package_is_named() -> None:
    package = ROOT / "git_muse_coord"
    folders = {path.parent.relative_to(package) for path in package.glob("*/**/__init__.py")}
    assert len(folders) > 10
    assert [folder for folder in folders if f"`{folder.as_posix()}/`" not in PAGE] == []
