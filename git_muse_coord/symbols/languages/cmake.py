"""CMake: functions, targets, variables, read by ``formats.cmake``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="cmake",
    files="CMakeLists.txt",
    reader="formats.cmake:read_cmake",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)
