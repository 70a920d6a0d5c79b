"""Our lines in the scripts of others: always at the top, and gone again without a trace."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.store.hooks import NAMES, scripts as hook_scripts
from tests.docs.places import TOP

SHEBANGS = st.sampled_from(
    [b"", b"#!/bin/sh", b"#! /usr/bin/env bash", b"#!/bin/sh\r", b"\xef\xbb\xbf#!/bin/sh"]
)
LINES = st.lists(
    st.one_of(st.binary(max_size=20), st.just(b"exec true"), st.just(b"# <<< git-muse-coord <<<"))
)
ENDS = st.sampled_from([b"", b"\n", b"\r\n"])
SCRIPTS = st.builds(
    lambda first, rest, end: b"\n".join([first, *rest]) + end, SHEBANGS, LINES, ENDS
)


@given(SCRIPTS, st.sampled_from(NAMES))
def test_what_goes_in_comes_out(script: bytes, name: str) -> None:
    ours = hook_scripts.with_block(script, name)

    assert hook_scripts.has_block(ours)
    assert hook_scripts.is_first(ours)
    assert hook_scripts.origin(ours) == "added"
    assert hook_scripts.without_block(ours) == script
    assert hook_scripts.with_block(ours, name) == ours
    assert hook_scripts.renewed(ours, name) == ours


@given(SCRIPTS, SCRIPTS, st.sampled_from(NAMES))
def test_what_others_add_later_stays(script: bytes, later: bytes, name: str) -> None:
    ours = hook_scripts.with_block(script, name)

    assert hook_scripts.without_block(ours + b"\n" + later).endswith(b"\n" + later)


@pytest.mark.parametrize("name", NAMES)
def test_the_shims_are_short_and_plain_sh(name: str) -> None:
    path = TOP / "hooks" / name
    text = path.read_text(encoding="ascii")

    assert text.startswith("#!/bin/sh\n")
    assert len(text.splitlines()) <= 25
    assert path.stat().st_mode & 0o111
    assert hook_scripts.made(name, False) == path.read_bytes()
    for shell in ("sh", "bash", "dash", "zsh", "ksh"):
        for options in ("-n", "-nu", "-ne"):
            try:
                subprocess.run([shell, options, str(path)], check=True)
            except FileNotFoundError:
                continue


@pytest.mark.parametrize(
    ("first", "shell"),
    [
        ("#!/bin/sh", True),
        ("#!/bin/sh -eu", True),
        ("#! /bin/bash", True),
        ("#!/usr/bin/env bash", True),
        ("#!/usr/bin/env -S bash -e", True),
        ("#!/usr/bin/env -S FOO=1 zsh", True),
        ("#!/bin/busybox sh", True),
        ("echo hello", True),
        ("", True),
        ("#!/usr/bin/env python3", False),
        ("#!/usr/bin/fish", False),
        ("#!/bin/csh", False),
        ("#!/usr/bin/env", False),
        ("#!", False),
        ("\x7fELF\0", False),
    ],
)
def test_which_scripts_are_shell(first: str, shell: bool) -> None:
    assert hook_scripts.is_shell(f"{first}\nrest\n".encode()) is shell


def test_an_installation_without_its_hooks_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hook_scripts, "_FOLDERS", (tmp_path,))
    with pytest.raises(FileNotFoundError, match="lacks its hook"):
        hook_scripts.shim.__wrapped__("pre-commit")
