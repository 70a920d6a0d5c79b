"""The one case for guessing who is used: of a receiver nothing is known, and few methods have the name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from git_muse_coord.model.address import Key
from git_muse_coord.symbols.references import (
    CLASSES,
    FUNCTIONS,
    Chain,
    References,
)
from git_muse_coord.symbols.resolve import NameResolver
from git_muse_coord.symbols.things import (
    NOTHING,
    Thing,
    ThingKind,
    Things,
)

MAX_CANDIDATES = 3
"""Of a name that more symbols have, none is taken for the one that is meant."""
GUESSED = (0.79, 0.36, 0.41)
"""How sure a method is that is one, two or three of this name; measured as the numbers in ``link``."""
_GROUPS = {"cpp": "c"}
_HEADERS = (".h", ".hh", ".hpp", ".hxx")
"""Of a name that is declared there and defined elsewhere, the definition counts."""


class Guesses:
    """What a name may mean when nothing else is known, in one tree."""

    def __init__(self, files: Mapping[str, References], names: NameResolver) -> None:
        self._files = files
        self._names = names
        self.ambiguous: Counter[str] = Counter()
        """Uses that were left out because too many symbols have the name."""
        self._candidates: dict[tuple[str, str], dict[Key, Thing]] = defaultdict(dict)
        """By the group of languages and the name."""
        for path, file in files.items():
            self._add_candidates(path, file)

    def guess(
        self,
        path: str,
        scope: int,
        chain: Chain,
    ) -> tuple[Things, float]:
        """The symbols of that name, when nothing is known of the receiver, and how sure they are."""
        name = chain[-1]
        receiver = chain[:-1]
        language = self._files[path].language
        # Such as get and append: nearly always they are of the language's own types.
        if name in self._names.tables[language].common:
            return NOTHING, 0.0
        if self._names.value(path, scope, receiver):
            return NOTHING, 0.0
        candidates = self._definitions(self._group(language), name)
        if not candidates:
            return NOTHING, 0.0
        # without imports a name alone decides, so that it must be the only one
        limit = MAX_CANDIDATES if self._is_followed(language) else 1
        if len(candidates) > limit:
            self.ambiguous[name] += 1
            return NOTHING, 0.0
        confidence = GUESSED[len(candidates) - 1]
        return candidates, confidence

    def _add_candidates(self, path: str, file: References) -> None:
        """Methods can be meant by their names alone, and any function or class where uses are not followed."""
        group = self._group(file.language)
        is_followed = self._is_followed(file.language)
        extensions = {extension.member for extension in file.extensions}
        for index, scope in enumerate(file.scopes):
            if scope.kind in FUNCTIONS:
                around = file.scopes[scope.parent]
                is_method = around.kind in CLASSES or index in extensions
            elif scope.kind in CLASSES:
                is_method = False
            else:
                continue
            if is_followed and not is_method:
                continue
            name = scope.names[-1]
            # of what is declared several times in a file the last one stands for all
            key = (path, *scope.names)
            self._candidates[group, name][key] = Thing(ThingKind.SYMBOL, path, index)

    def _definitions(self, group: str, name: str) -> Things:
        """All that have a name in a group of languages."""
        candidates = self._candidates.get((group, name), {}).values()
        defined = [thing for thing in candidates if not thing.path.endswith(_HEADERS)]
        return tuple(defined or candidates)

    def _group(self, language: str) -> str:
        """The name by which the languages go that use each other."""
        modules = self._names.tables[language].modules
        return modules or _GROUPS.get(language, language)

    def _is_followed(self, language: str) -> bool:
        """Whether imports and receivers are followed."""
        return bool(self._names.tables[language].modules)
