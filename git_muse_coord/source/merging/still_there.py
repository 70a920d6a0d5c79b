"""Whether what would break in a merge is in what came out of it, and in which line: a person may have mended it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from git_muse_coord.model.address import IMPORTS, MODULE, Key
from git_muse_coord.rules.merged_symbol import Break, Site
from git_muse_coord.rules.uses import Use
from git_muse_coord.source.by_path import address_of, symbols_by_key
from git_muse_coord.source.merging.broken_uses import SitesByKey
from git_muse_coord.source.merging.merge_outcome import MergeOutcome
from git_muse_coord.source.merging.merge_trees import MergeTrees
from git_muse_coord.source.merging.shared_trees import SharedTrees
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.merging.spoken_names import names_in
from git_muse_coord.symbols.references import References
from git_muse_coord.symbols.values import Symbol


class StillThere:
    """Looks at what broke between two sides in the files of the outcome."""

    def __init__(
        self,
        shared: SharedTrees,
        outcome: MergeOutcome,
        trees: MergeTrees,
        ours: Side,
        theirs: Side,
    ) -> None:
        self._shared = shared
        self._outcome = outcome
        self._trees = trees
        self._ours = ours
        self._theirs = theirs

    def uses(self, broken: SitesByKey) -> SitesByKey:
        """Those uses that are still there, where they are now."""
        there: SitesByKey = {}
        for key, sites in broken.items():
            still: list[Site] = []
            for site in sites:
                now = self._use(key, site)
                if now is not None:
                    still.append(now)
            if still:
                there[key] = still
        return there

    def findings(self, breaks: Mapping[Key, Break]) -> dict[Key, Break]:
        """Those other breaks of which every symbol is still there."""
        there: dict[Key, Break] = {}
        for key, broken in breaks.items():
            sites = tuple(self._places_now(broken))
            # Where one of its symbols is gone, it is mended.
            is_whole = len(sites) == len(broken.sites)
            if is_whole:
                there[key] = broken._replace(sites=sites)
        return there

    def _places_now(self, broken: Break) -> Iterator[Site]:
        """Where the symbols of a break are now, as far as they are there."""
        for site in broken.sites:
            place = self._place_of(site)
            symbol = self._symbol(place)
            if symbol is None:
                continue
            yield Site(
                symbol.address,
                symbol.start_line,
                site.side,
            )

    def _place_of(self, site: Site) -> Key:
        """Where the merge has put what a side has."""
        user, taker = self._sides_of(site)
        key = site.caller.key
        return self._trees.place_of(key, user, taker)

    def _sides_of(self, site: Site) -> tuple[Side, Side]:
        """The side that brings a use, and the other."""
        if site.side == self._ours.name:
            return self._ours, self._theirs
        return self._theirs, self._ours

    def _use(self, key: Key, site: Site) -> Site | None:
        """A use, where it is now; None where it was mended or taken out."""
        caller_now = address_of(self._place_of(site))
        path = caller_now.path
        version = self._outcome.files.get(path)
        # Where git conflicts it is seen anyway, and the file has git's markers in it.
        if version is None or path in self._outcome.paths_in_conflict:
            return None
        now = site._replace(caller=caller_now)
        user, taker = self._sides_of(site)
        caller = site.caller
        before = user.version(caller.path)
        # The file is as the side has it: nobody has touched it on the way.
        if before is not None and before.oid == version.oid:
            return now
        if key in taker.gone:
            return self._line_of_name(key, now)
        symbol_before = user.symbols.get(caller.key)
        return self._unchanged(symbol_before, now)

    def _line_of_name(self, key: Key, site: Site) -> Site | None:
        """A use of what went away, which must still say its name."""
        caller = site.caller
        file = self._references(caller.path)
        if file is None:
            return None
        names = names_in([file], key)
        for line, chain in _uses_in(file, caller.key):
            if not names.isdisjoint(chain):
                return site._replace(line=line)
        return None

    def _unchanged(self, before: Symbol | None, site: Site) -> Site | None:
        """A call of what has other parameters now, which whoever changed it will have fitted."""
        after = self._symbol(site.caller.key)
        if before is None or after is None:
            return None
        if before.content != after.content:
            return None
        lines_down = after.start_line - before.start_line
        return site._replace(line=site.line + lines_down)

    def _symbol(self, key: Key) -> Symbol | None:
        path = key[0]
        version = self._outcome.files.get(path)
        if version is None:
            return None
        files = self._shared.sources.read({path: version})
        symbols = symbols_by_key(files)
        return symbols.get(key)

    def _references(self, path: str) -> References | None:
        version = self._outcome.files[path]
        wanted = [(path, version.oid)]
        known = self._shared.references
        read = known.read(wanted, self._outcome.load)
        return read.get(path)


def _uses_in(file: References, caller: Key) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What a symbol uses: the line, and the names in it."""
    caller_names = caller[1:]
    for reference in file.uses:
        scope = file.scopes[reference.scope]
        names = scope.names
        # What stands in no symbol is of the file's imports, or of its own code.
        if not names:
            outside = IMPORTS if reference.use is Use.IMPORT else MODULE
            names = (outside,)
        if names == caller_names:
            yield reference.line, reference.chain
