"""Comments that a program reads: what of them counts as code.

Which they are is said by the table of each language. Those for checkers and formatters, such as ``#
noqa``, are comments like all others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from git_muse_coord.symbols.languages.table import Language


class Directive(NamedTuple):
    """What a program reads in one comment, as tokens; none in a mere comment."""

    tokens: list[bytes]
    is_head: bool = False
    """Whether it is for the file, rather than for what follows."""


_NONE = Directive([])


class Directives:
    """The directives of one file, asked for in the order of its comments."""

    def __init__(self, language: Language, data: bytes) -> None:
        self._data = data
        self._heads = language.heads
        self._anywhere = language.directives
        self._blocks = language.blocks(data) if language.blocks else []
        self._before_code = 0
        """How many tokens of directives were found before all code."""

    def read(
        self,
        start: int,
        end: int,
        tokens: int,
    ) -> Directive:
        """The directive in a comment, in front of which there are so many tokens in the file."""
        comment = self._data[start:end]
        # A shebang or a coding line means something only before all code.
        if tokens == self._before_code:
            head = _matches(self._heads, comment)
            self._before_code += len(head)
            if head:
                return Directive(head, is_head=True)
        # In a block that a program reads, as PEP 723 has it, each line of it counts as it stands.
        if self._is_in_block(start):
            return Directive([comment.rstrip()])
        if self._anywhere is None:
            return _NONE
        return Directive(_matches(self._anywhere, comment))

    def _is_in_block(self, start: int) -> bool:
        # The last block that begins no later; an end that none has sorts behind all that begin here.
        behind = bisect_right(self._blocks, (start, len(self._data)))
        if behind == 0:
            return False
        _, end = self._blocks[behind - 1]
        return start < end


def _matches(pattern: re.Pattern[bytes], comment: bytes) -> list[bytes]:
    """What a pattern finds, without the layout around the words."""
    tokens: list[bytes] = []
    for match in pattern.finditer(comment):
        words = match.group().split()
        tokens.append(b" ".join(words))
    return tokens
