"""What is said where most imports of a language lead nowhere: then callers are missed, and nobody would know."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.uses import languages_astray

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from git_muse_coord.rules.uses import ImportCount


def about_imports(counts: Iterable[ImportCount]) -> Iterator[str]:
    """A sentence for each language of which hardly any caller in other files is known."""
    for language, understood, astray in languages_astray(counts):
        total = understood + astray
        yield (
            f"most imports of {language} lead nowhere ({astray:,} of {total:,} that look like files here),"
            " so most callers in other files are not known"
        )
