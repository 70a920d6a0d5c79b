"""Names of the past, followed to those of today."""

from __future__ import annotations

from git_muse_coord.rules.old_names import OldNames


def test_a_chain_of_renames_is_followed_from_the_time_on() -> None:
    names = OldNames()
    assert names.note(("a.py",), ("b.py",), 10)
    assert names.note(("b.py",), ("c.py",), 20)
    assert not names.note(("b.py",), ("c.py",), 20)

    assert names.today(("a.py", "f"), 5) == ("c.py", "f")
    assert names.today(("b.py",), 15) == ("c.py",)
    assert names.today(("a.py",), 11) == ("a.py",), "another file, which came later"
    assert names.today(("b.py",), 21) == ("b.py",)


def test_symbols_go_with_what_is_around_them() -> None:
    names = OldNames()
    names.note(("a.py", "Old"), ("a.py", "New"), 10)
    names.note(("a.py",), ("b.py",), 20)
    names.note(("a.py", "Old", "method"), ("a.py", "function"), 10)

    assert names.today(("a.py", "Old", "other"), 1) == ("b.py", "New", "other")
    assert names.today(("a.py", "Old", "method"), 1) == ("b.py", "function")


def test_a_name_that_was_taken_back_ends() -> None:
    names = OldNames()
    names.note(("a.py",), ("b.py",), 10)
    names.note(("b.py",), ("a.py",), 10)
    assert names.today(("a.py",), 1) == ("b.py",)
    names.note(("c.py",), ("d.py",), 10)
    names.note(("d.py",), ("c.py",), 20)
    assert names.today(("d.py",), 15) == ("c.py",)
