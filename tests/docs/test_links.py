"""Every link from one of our pages to a file or a heading leads there, and every page is reached from the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.places import PAGES, TOP

LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def links(page: Path) -> list[tuple[str, str]]:
    """Target and anchor of each link that stays within the repository."""
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    return [(target, anchor) for target, anchor in LINK.findall(prose) if "://" not in target]


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = TOP / name

    assert [target for target, _ in links(page) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_anchors_are_headings(name: str) -> None:
    page = TOP / name
    with_anchor = [(target, anchor) for target, anchor in links(page) if anchor]

    assert [
        (target, anchor)
        for target, anchor in with_anchor
        if anchor not in anchors(page.parent / target if target else page)
    ] == []


def test_the_index_has_every_page() -> None:
    index = TOP / "docs" / "README.md"
    listed = {(index.parent / target).resolve() for target, _ in links(index) if target}
    pages = {path.resolve() for path in (TOP / "docs").rglob("*.md")}

    assert pages - listed == {index.resolve()}
