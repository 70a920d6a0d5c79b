"""The table of settings at the end of their page, from what the code says of each."""

from __future__ import annotations

from pathlib import Path

from git_muse_coord.store.settings import Settings

PATH = "docs/reference/settings.md"
HEADING = "## All settings"

_BEGINNING = """
Written by `scripts/generate`. Behind the semicolon is what holds where nothing is set. Names that do not begin with
`muse-coord` are git's own.

| setting | what it says |
|---|---|
"""


def described() -> list[tuple[str, str]]:
    """Each name as git config takes it, and what it does; the man page has them, too."""
    docs = [value.__doc__ or "" for value in vars(Settings).values() if isinstance(value, property)]
    parts = [doc.partition(": ") for doc in docs]
    return [(name, text) for name, _, text in parts]


def page() -> str:
    """The page as people wrote it, with the table anew."""
    written = (Path(__file__).resolve().parents[2] / PATH).read_text(encoding="utf-8")
    by_hand, _, _ = written.partition(f"\n{HEADING}\n")
    rows = [f"| `{name}` | {text.rstrip('.')} |\n" for name, text in sorted(described())]
    return f"{by_hand}\n{HEADING}\n{_BEGINNING}{''.join(rows)}"
