"""Merges in memory say what ``git merge`` says, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from git_muse_coord.model.errors import BadInput
from git_muse_coord.store.git.commits import commit, common_bases
from git_muse_coord.store.git.merge_answers import Merged, finished_merges
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.store.git.repository import Repository
from tests.tools import Repo

LINES = "".join(f"line {number}\n" for number in range(1, 31))
ODD = 'a "quoted": naïve.txt'


def changed(*edits: tuple[int, str]) -> str:
    """The lines with some of them replaced (by nothing, or by several)."""
    rows = LINES.splitlines(keepends=True)
    for number, text in edits:
        rows[number - 1] = text
    return "".join(rows)


@pytest.fixture
def merges(repo: Repo) -> Iterator[Merges]:
    repo.write(ODD, LINES)
    repo.commit("Lines")
    repo.git("tag", "base")
    with Merges(Repository(str(repo.path), stays=True)) as opened:
        yield opened


def branch(repo: Repo, name: str, content: str | None, start: str = "base", path: str = ODD) -> str:
    repo.git("checkout", "-q", "-B", name, start)
    if content is None:
        repo.git("rm", "-q", path)
    else:
        repo.write(path, content)
    return repo.commit(name)


def as_merged(repo: Repo, ours: str, theirs: str) -> set[str]:
    """The paths in which ``git merge`` conflicts."""
    repo.git("checkout", "-q", "--detach", ours)
    repo.git("merge", "-q", "--no-commit", "--no-ff", theirs, check=False)
    unmerged = repo.git("diff", "-z", "--name-only", "--diff-filter=U").split("\0")[:-1]
    repo.git("reset", "-q", "--hard")
    return set(unmerged)


def one(merges: Merges, ours: str, theirs: str, base: str | None = None) -> Merged:
    (merged,) = merges.pairs([(ours, theirs)], base)
    return merged


def test_many_pairs_at_once(repo: Repo, merges: Merges) -> None:
    five = branch(repo, "five", changed((5, "five\n")))
    other = branch(repo, "other", changed((5, "other\n")))
    twenty = branch(repo, "twenty", changed((20, "twenty\n")))
    gone = branch(repo, "gone", None)
    pairs = [
        (five, other),
        (five, twenty),
        (five, gone),
        (gone, twenty),
        (five, five),
        (gone, gone),
    ]

    found = merges.pairs(pairs)

    assert [(each.ours, each.theirs) for each in found] == pairs
    assert [each.is_clean for each in found] == [False, True, False, False, True, True]
    assert found[2].conflicts[0].theirs is None
    for each in found:
        assert {path.path for path in each.conflicts} == as_merged(repo, each.ours, each.theirs)
    assert found[4].tree == repo.git("rev-parse", "five^{tree}")


def test_git_stops_at_a_directory_that_was_split_though_nothing_is_unmerged(
    repo: Repo, merges: Merges
) -> None:
    for number in range(4):
        repo.write(f"d/{number}.txt", f"{number}\n" * 9)
    start = repo.commit("A directory")
    for number in range(4):
        (repo.path / f"e{number % 2}").mkdir(exist_ok=True)
        repo.git("mv", f"d/{number}.txt", f"e{number % 2}/{number}.txt")
    split = repo.commit("Two directories")
    more = branch(repo, "more", "more\n", start, "d/more.txt")

    merged = one(merges, split, more)

    repo.git("checkout", "-q", "--detach", split)
    assert "Automatic merge failed" in repo.git("merge", more, check=False)
    assert repo.git("diff", "--name-only", "--diff-filter=U") == ""
    assert [(each.path, each.ours, each.theirs) for each in merged.conflicts] == [("d", None, None)]
    assert merges.hunks(merged.conflicts) == [()]


def test_a_file_where_the_other_side_has_a_directory_keeps_its_name(
    repo: Repo, merges: Merges
) -> None:
    ours = branch(repo, "ours", changed((5, "five\n")))
    repo.git("checkout", "-q", "--detach", "base")
    repo.git("rm", "-q", ODD)
    repo.write(f"{ODD}/inside.txt", "inside\n")
    theirs = repo.commit("A directory")

    for pair in ((ours, theirs), (theirs, ours)):
        (conflict,) = one(merges, *pair).conflicts
        assert conflict.path == ODD
        assert [version is None for version in conflict[1:]] == [
            False,
            pair[0] == theirs,
            pair[0] == ours,
        ]


def test_nothing_stays(repo: Repo, merges: Merges) -> None:
    ours = branch(repo, "ours", changed((5, "five\n")))
    theirs = branch(repo, "theirs", changed((5, "other\n"), (20, "twenty\n")))
    before = repo.git("count-objects", "-v"), repo.refs("refs/"), repo.git("status", "--porcelain")

    merged = one(merges, ours, theirs)
    merges.hunks(merged.conflicts)
    merges.pairs([(merges.commit(merged.tree, [ours, theirs]), ours)])
    place = Path(merges.home)
    assert any(place.iterdir())
    merges.__exit__(None, None, None)

    assert not place.exists()
    assert (
        repo.git("count-objects", "-v"),
        repo.refs("refs/"),
        repo.git("status", "--porcelain"),
    ) == before


def test_a_pair_that_git_will_not_merge_hides_no_other(repo: Repo, merges: Merges) -> None:
    ours = branch(repo, "ours", changed((5, "five\n")))
    repo.git("checkout", "-q", "--orphan", "alone")
    alone = repo.commit("Another root")

    found = merges.pairs([(ours, alone), (ours, "f" * 40), (ours, ours), (alone, ours)])

    assert [bool(each.problem) for each in found] == [True, True, False, True]
    assert "unrelated histories" in found[0].problem
    assert not found[0].is_clean
    assert merges.pairs([]) == []


def test_a_git_that_is_stopped_in_the_middle_hides_nothing_before(
    repo: Repo, merges: Merges
) -> None:
    sides = [branch(repo, name, changed((5, f"{name}\n"))) for name in ("ours", "theirs")]
    pairs = [(sides[0], sides[1]), (sides[1], sides[0])]
    asked = "".join(f"{ours} {theirs}\n" for ours, theirs in pairs).encode()
    told = repo.git(
        "merge-tree", "--write-tree", "--stdin", "-z", "--messages", given=asked, check=False
    ).encode()

    found = [len(list(finished_merges(told[:end], pairs))) for end in range(len(told) + 1)]

    assert found == sorted(found)
    assert set(found) == {0, 1, 2}


def test_a_merge_on_the_result_of_a_merge(repo: Repo, merges: Merges) -> None:
    five = branch(repo, "five", changed((5, "five\n")))
    twenty = branch(repo, "twenty", changed((20, "twenty\n")))
    both = branch(repo, "both", changed((5, "five\n"), (20, "other\n")))

    first = merges.commit(one(merges, five, twenty).tree, [five, twenty])

    assert one(merges, first, twenty).is_clean
    assert [path.path for path in one(merges, first, both).conflicts] == [ODD]
    assert merges.bases(first, twenty) == [twenty]


def test_submodules_that_conflict(repo: Repo, merges: Merges) -> None:
    sides = []
    for number, start in enumerate(("base", "within", "within")):
        repo.git("checkout", "-q", "-B", f"side{number}", start)
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{number}{'a' * 39},lib")
        repo.git("commit", "-q", "-m", f"side{number}")
        if number == 0:
            repo.git("tag", "within")
        sides.append(repo.git("rev-parse", "HEAD"))

    found = merges.pairs([(sides[1], sides[2]), (sides[0], sides[1])])

    assert [[path.path for path in each.conflicts] for each in found] == [["lib"], []]
    assert merges.hunks(found[0].conflicts) == [()]


@pytest.mark.slow
def test_attributes_are_those_of_the_commit_that_is_merged_into(
    repo: Repo, merges: Merges, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    repo.git("checkout", "-q", "-B", "united", "base")
    repo.write("sub dir/CHANGES", LINES)
    repo.write("sub dir/.gitattributes", "CHANGES merge=union\n")
    repo.commit("united")
    repo.git("checkout", "-q", "-B", "plain", "base")
    repo.write("sub dir/CHANGES", LINES)
    repo.commit("plain")
    pairs = []
    for start in ("united", "plain"):
        sides = [
            branch(
                repo, f"{start}-{side}", changed((5, f"{side}\n")), start, path="sub dir/CHANGES"
            )
            for side in ("ours", "theirs")
        ]
        pairs.append((sides[0], sides[1]))
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))

    for checked_out in ("united", "plain"):
        repo.git("checkout", "-q", checked_out)
        for place in (repo.path, repo.path / "sub dir", tmp_path / "bare"):
            with Merges(Repository(str(place), stays=True)) as fresh:
                found = fresh.pairs(pairs)
                assert [[path.path for path in each.conflicts] for each in found] == [
                    [],
                    ["sub dir/CHANGES"],
                ]
            with Merges(Repository(str(place), stays=True), attributes=False) as fresh:
                assert [len(each.conflicts) for each in fresh.pairs(pairs)] == [1, 1]
    assert not list(here.iterdir()), "all that is laid out goes to a directory of its own"


def test_no_tree_writes_outside_of_the_directory(
    repo: Repo, merges: Merges, tmp_path: Path
) -> None:
    attributes = repo.git("hash-object", "-w", "--stdin", given=b"* text\n")
    for path in (f"{tmp_path}/outside/.gitattributes", "../../outside/.gitattributes"):
        row = b"100644 %b\0%b" % (path.encode(), bytes.fromhex(attributes))
        tree = repo.git("hash-object", "-t", "tree", "-w", "--stdin", "--literally", given=row)
        crafted = repo.git("commit-tree", tree, "-p", "base", "-m", "crafted")
        merges.pairs([(crafted, branch(repo, "other", changed((5, "five\n"))))])

        assert not (tmp_path / "outside").exists()


def test_another_base(repo: Repo, merges: Merges) -> None:
    ours = branch(repo, "ours", changed((5, "five\n")))
    theirs = branch(repo, "theirs", changed((5, "five\n"), (20, "twenty\n")))
    third = branch(repo, "third", changed((5, "another\n")))

    assert one(merges, ours, third, "base").conflicts
    clean = one(merges, theirs, third, ours)
    assert clean.is_clean
    assert (clean.ours, clean.theirs) == (theirs, third)


def test_branches_that_crossed(repo: Repo, merges: Merges) -> None:
    branch(repo, "left", changed((5, "left\n")))
    branch(repo, "right", changed((15, "right\n")))
    repo.git("checkout", "-q", "-B", "one", "left")
    repo.git("merge", "-q", "-m", "cross", "right")
    repo.git("checkout", "-q", "-B", "two", "right")
    repo.git("merge", "-q", "-m", "cross", "left")
    ours = branch(repo, "one", changed((5, "ours\n"), (15, "right\n")), "one")
    theirs = branch(repo, "two", changed((5, "left\n"), (15, "right\n"), (25, "theirs\n")), "two")
    clash = branch(repo, "clash", changed((5, "clash\n"), (15, "right\n")), "two")

    assert len(merges.bases(ours, theirs)) == 2
    for other in (theirs, clash):
        assert {path.path for path in one(merges, ours, other).conflicts} == as_merged(
            repo, ours, other
        )
    (hunk,) = merges.hunks(one(merges, ours, clash).conflicts)[0]
    assert hunk == (range(5, 6), range(5, 6), range(5, 6))


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([(5, "a\nb\n")], [(5, "c\n")], [((5, 6), (5, 7), (5, 6))]),
        ([(5, "a\nb\n"), (20, "x\n")], [(20, "y\n")], [((20, 21), (21, 22), (20, 21))]),
        ([(5, "a\n")], [(6, "b\n")], [((5, 7), (5, 7), (5, 7))]),
        ([(5, "line 5\nours\n")], [(5, "line 5\ntheirs\n")], [((6, 6), (6, 7), (6, 7))]),
        ([(5, "")], [(5, "b\n")], [((5, 6), (5, 5), (5, 6))]),
        ([(5, "same\n"), (9, "a\n")], [(5, "same\n"), (9, "b\n")], [((9, 10), (9, 10), (9, 10))]),
        ([(30, "a")], [(30, "b")], [((30, 31), (30, 31), (30, 31))]),
    ],
)
def test_the_lines_that_conflict(
    repo: Repo,
    merges: Merges,
    ours: list[tuple[int, str]],
    theirs: list[tuple[int, str]],
    expected: list[tuple[tuple[int, int], ...]],
) -> None:
    merged = one(
        merges, branch(repo, "ours", changed(*ours)), branch(repo, "theirs", changed(*theirs))
    )

    assert merges.hunks(merged.conflicts) == [
        tuple(tuple(range(*side) for side in hunk) for hunk in expected)
    ]


def test_lines_of_files_that_both_added_and_of_none(repo: Repo, merges: Merges) -> None:
    ours = branch(repo, "ours", "a\nb\nc\n", path="new")
    theirs = branch(repo, "theirs", "a\nx\nc\n", path="new")
    gone = branch(repo, "gone", None)
    kept = branch(repo, "kept", changed((5, "five\n")))
    conflicts = [*one(merges, ours, theirs).conflicts, *one(merges, gone, kept).conflicts]

    assert merges.hunks(conflicts) == [((range(1, 1), range(2, 3), range(2, 3)),), ()]
    assert merges.hunks([]) == []


@pytest.mark.parametrize("options", [["--object-format=sha256"], ["--bare"]])
def test_other_repositories(tmp_path: Path, options: list[str]) -> None:
    repo = Repo.make(tmp_path / "work", *[option for option in options if option != "--bare"])
    repo.write(ODD, LINES)
    repo.commit("Lines")
    repo.git("tag", "base")
    ours, theirs = (
        branch(repo, "ours", changed((5, "five\n"))),
        branch(repo, "theirs", changed((5, "other\n"))),
    )
    place = repo.path
    if "--bare" in options:
        place = tmp_path / "a:b"
        repo.git("clone", "-q", "--bare", ".", str(place))

    with Merges(Repository(str(place), stays=True)) as opened:
        assert [path.path for path in one(opened, ours, theirs).conflicts] == [ODD]
        assert one(opened, ours, theirs, "base").conflicts


@pytest.mark.parametrize("named", ["nothing", "", "-h", "^HEAD", "HEAD:README.md", "a b", "x\0y"])
def test_what_names_no_commit(repo: Repo, named: str) -> None:
    with pytest.raises(BadInput, match="names no commit"):
        commit(Repository(str(repo.path), stays=True).git, named)


def test_a_shallow_clone_that_ends_too_soon(repo: Repo, tmp_path: Path) -> None:
    repo.git("branch", "base")
    for name in ("ours", "theirs"):
        branch(repo, name, name, path=name)
    url = f"file://{repo.path}"
    repo.git("clone", "-q", "--depth=1", "--no-single-branch", url, str(tmp_path / "shallow"))
    git = Repository(str(tmp_path / "shallow"), stays=True).git

    with pytest.raises(BadInput, match="shallow"):
        common_bases(git, "origin/ours", "origin/theirs")
    with pytest.raises(BadInput, match="no common history"):
        common_bases(
            Repository(str(repo.path), stays=True).git,
            "ours",
            repo.git("commit-tree", "-m", "x", "base^{tree}"),
        )


@pytest.fixture
def driver(repo: Repo, tmp_path: Path) -> Path:
    """The file that a merge driver and a filter of the user's leave behind when they run."""
    trace = tmp_path / "has run"
    repo.git("config", "merge.tool.driver", f"touch '{trace}'")
    repo.git("config", "filter.tool.clean", f"touch '{trace}'; cat")
    repo.git("config", "merge.renormalize", "true")
    return trace


def sides_with(repo: Repo, start: str, attributes: str | None) -> tuple[str, str]:
    """Two commits that both change a file, the first of them with attributes of its own."""
    ours = branch(repo, "ours", changed((5, "five\n")), start)
    if attributes is not None:
        repo.write(".gitattributes", attributes)
        ours = repo.commit("attributes")
    return ours, branch(repo, "theirs", changed((20, "twenty\n")), start)


@pytest.mark.parametrize(
    "attributes",
    [
        "* merge=tool\n",
        "*.txt\tmerge=tool filter=tool\n",
        '"*.txt"merge=tool filter=tool\n',
        "*.txt filter=tool\n",
        "[attr]mine merge=tool\n* mine\n",
        "*.po merge=tool\n* merge=tool\n",
    ],
)
def test_a_branch_chooses_no_program(
    repo: Repo, merges: Merges, driver: Path, attributes: str
) -> None:
    repo.git("checkout", "-q", "base")
    repo.write(".gitattributes", "*.po merge=tool\n")
    repo.git("tag", "start", repo.commit("A driver for other files"))
    pair = sides_with(repo, "start", attributes)

    for head in ("start", "base", "theirs"):
        repo.git("checkout", "-q", head)
        for place in (repo.path, repo.path / ".git"):
            driver.unlink(missing_ok=True)
            with Merges(Repository(str(place), stays=True)) as opened:
                assert opened.pairs([pair, pair[::-1]])[0].is_clean
            assert not driver.exists()


@pytest.mark.parametrize("more", [None, "*.txt merge=tool\n*.po text\n"])
def test_a_program_that_head_chooses_too(
    repo: Repo, merges: Merges, driver: Path, more: str | None
) -> None:
    repo.git("checkout", "-q", "base")
    repo.write(".gitattributes", "*.txt merge=tool\n")
    repo.git("tag", "start", repo.commit("A driver"))
    pair = sides_with(repo, "start", more)

    repo.git("checkout", "-q", "start")
    driver.unlink(missing_ok=True)
    with Merges(Repository(str(repo.path), stays=True)) as opened:
        opened.pairs([pair])
    assert driver.exists()
