"""What is about to be committed against what others hold: which change meets whom."""

from __future__ import annotations

import pytest

from git_muse_coord.coordinator.inside import FAR_MOST
from tests.check.helpers import INVOICE, PATH, TAX, TOTAL, edit, met, shop, stage
from tests.tools import Repo

TOTAL_TEXT = INVOICE[INVOICE.index("    def total") : INVOICE.index("    def tax")]
RETURN = "        return subtotal +"
BILL = f"{PATH}::Invoice"
EDIT_TOTAL = ("return subtotal + self.tax(subtotal)", "return round(subtotal + self.tax(subtotal))")
EDIT_TAX = ("return round(subtotal * rate, 2)", "return round(subtotal * rate, 3)")


@pytest.fixture
def billing(repo: Repo) -> Repo:
    return shop(repo)


def test_exactly_what_is_held_is_named(billing: Repo) -> None:
    held = billing.reserve(
        TOTAL, "--run-id", "agent-41", "--op", "modify", "--reason", "rounding of cents"
    )
    stage(billing, *EDIT_TOTAL)
    stage(billing, *EDIT_TAX)

    answer = billing.json("check", "--run-id", "b")

    assert [one["address"] for one in answer["changes"]] == [TOTAL, TAX]
    (found,) = answer["conflict_details"]
    assert found["address"] == found["held_address"] == TOTAL
    assert found["reservation_id"] == held
    (sentence,) = answer["conflicts"]
    for fact in (
        TOTAL,
        "agent-41",
        "rounding of cents",
        "modify",
        found["expires_at"][:19],
        found["created_at"][:19],
    ):
        assert fact in sentence
    text = billing.muse("check", "--run-id", "b").out
    for fact in (
        "agent-41",
        "rounding of cents",
        "modify",
        found["expires_at"][11:16],
        found["created_at"][11:16],
        f"({held[7:19]})",
    ):
        assert fact in text
    assert TAX not in text


def test_who_holds_it_is_not_told(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    stage(billing, *EDIT_TOTAL)

    assert met(billing, "--run-id", "a") == []
    assert met(billing, "--run-id", "b") == [(TOTAL, TOTAL)]
    billing.git("config", "muse-coord.runId", "a")
    assert met(billing) == []


def test_a_run_without_identity_meets_everybody_and_is_told_why(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "unknown")
    stage(billing, *EDIT_TOTAL)

    answer = billing.json("check", "--run-id", "unknown")
    assert len(answer["conflict_details"]) == 1
    hints = [warning for warning in answer["warnings"] if "muse-coord.runId" in warning]
    assert hints == answer["warnings"] != []
    assert billing.json("check", "--run-id", "b")["warnings"] == []


def test_strict_stops(billing: Repo) -> None:
    stage(billing, *EDIT_TOTAL)
    assert billing.muse("check", "--strict").code == 0
    billing.reserve(TOTAL, "--run-id", "a")

    ran = billing.muse("check", "--strict")

    assert ran.code == 2
    assert TOTAL in ran.out
    assert ran.err.startswith("error: ")
    assert billing.json("check", "--strict", code=2)["error"]["code"] == "conflict"


def test_what_has_ended_counts_no_more(billing: Repo) -> None:
    held = billing.reserve(TOTAL, "--run-id", "a")
    stage(billing, *EDIT_TOTAL)
    billing.muse("release", held, "--run-id", "a")

    assert met(billing) == []


@pytest.mark.parametrize(
    ("held", "old", "new", "expected"),
    [
        pytest.param(TOTAL, "def total(self)", "def sum_up(self)", [(TOTAL, TOTAL)], id="renamed"),
        pytest.param(
            f"{PATH}::Invoice.sum_up",
            "def total(self)",
            "def sum_up(self)",
            [(f"{PATH}::Invoice.sum_up", f"{PATH}::Invoice.sum_up")],
            id="renamed to what is held",
        ),
        pytest.param(TOTAL, TOTAL_TEXT, "", [(TOTAL, TOTAL)], id="deleted"),
        pytest.param(TOTAL, "class Invoice:", "class Bill:", [(BILL, TOTAL)], id="inside what is renamed"),
        pytest.param(
            TOTAL,
            "        subtotal = sum(item.price * item.count for item in self.items)\n",
            "        subtotal = sum(\n            item.price * item.count for item in self.items\n        )\n",
            [],
            id="laid out anew",
        ),
        pytest.param(
            TOTAL,
            "        return subtotal + self.tax(subtotal)\n",
            "        if subtotal:\n            return subtotal + self.tax(subtotal)\n",
            [(TOTAL, TOTAL)],
            id="indented, which means something here",
        ),
        pytest.param(TOTAL, RETURN, f"        # with taxes\n{RETURN}", [], id="commented"),
        pytest.param(TOTAL, "import os\n", "import os\nimport sys\n", [], id="imports only"),
        pytest.param(
            f"{PATH}::<imports>",
            "import os\n",
            "import os\nimport sys\n",
            [(f"{PATH}::<imports>", f"{PATH}::<imports>")],
            id="the imports are held",
        ),
        pytest.param(TOTAL, "\n\ndef overdue", "\n\ndef late():\n    return 1\n\n\ndef overdue", [], id="a new symbol"),
        pytest.param(
            f"{PATH}::late",
            "\n\ndef overdue",
            "\n\ndef late():\n    return 1\n\n\ndef overdue",
            [(f"{PATH}::late", f"{PATH}::late")],
            id="a new symbol that is held",
        ),
        pytest.param(f"{PATH}::Invoice", *EDIT_TAX, [(TAX, f"{PATH}::Invoice")], id="inside a class that is held"),
        pytest.param(PATH, *EDIT_TAX, [(TAX, PATH)], id="inside a file that is held"),
        pytest.param("src/", *EDIT_TAX, [(TAX, "src/")], id="inside a directory that is held"),
        pytest.param("./", *EDIT_TAX, [(TAX, "./")], id="inside the repository, which is held"),
        pytest.param("lib/", *EDIT_TAX, [], id="another directory"),
        pytest.param(TOTAL, "What somebody owes", "What we get", [], id="the class around it, its own text only"),
        pytest.param(TOTAL, "def total(self)", "def total(self, rounded=True)", [(TOTAL, TOTAL)], id="its signature"),
        pytest.param(TOTAL, "    def total", "    @property\n    def total", [(TOTAL, TOTAL)], id="its decoration"),
    ],
)  # fmt: skip
def test_changes(
    billing: Repo, held: str, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    billing.reserve(held, "--run-id", "a")
    stage(billing, old, new)

    assert met(billing, "--run-id", "b") == expected


def test_formatting_is_mentioned_but_not_counted(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    stage(billing, "        return subtotal +", "        # with taxes\n        return subtotal +")

    answer = billing.json("check", "--strict")
    assert [(one["address"], one["change"]) for one in answer["changes"]] == [(TOTAL, "formatting")]
    assert answer["conflicts"] == []
    assert "1 of formatting only" in billing.muse("check").out


def test_moved_to_another_file(billing: Repo) -> None:
    late = INVOICE[INVOICE.index("\n\ndef overdue") :]
    billing.reserve(f"{PATH}::overdue", "--run-id", "a")
    billing.reserve("src/late.py::overdue", "--run-id", "c")
    stage(billing, late, "\n")
    billing.write("src/late.py", late.strip() + "\n")
    billing.git("add", ".")

    places = ["src/late.py::overdue", f"{PATH}::overdue"]
    assert sorted(met(billing)) == sorted((place, place) for place in places)
    assert "(now src/late.py::overdue)" in billing.muse("check").out


def test_a_file_that_moves_takes_along_what_lies_in_it(billing: Repo) -> None:
    billing.reserve(TAX, "--run-id", "a")
    billing.git("mv", PATH, "src/bill.py")

    assert met(billing) == [(f"{PATH}::Invoice", TAX)]


def test_a_deleted_file_meets_all_that_is_held_in_it(billing: Repo) -> None:
    billing.reserve(TAX, "--run-id", "a")
    billing.reserve(f"{PATH}::not_there_yet", "--run-id", "c")
    billing.git("rm", "-q", PATH)

    assert met(billing) == [(TAX, TAX), (PATH, f"{PATH}::not_there_yet")]


def test_headings_and_keys(billing: Repo) -> None:
    billing.write("CHANGES.md", "# Changes\n\n## Unreleased\n\nNothing yet.\n\n## 1.0\n\nFirst.\n")
    billing.write(
        "package.json", '{\n  "name": "shop",\n  "scripts": {"test": "jest", "lint": "eslint"}\n}\n'
    )
    billing.commit("Prose and data")
    for held in ("CHANGES.md::Unreleased", "package.json::scripts.test"):
        billing.reserve(held, "--run-id", "a")
    stage(billing, "First.", "The first.", "CHANGES.md")
    stage(billing, "eslint", "eslint .", "package.json")
    assert met(billing) == []
    stage(billing, "Nothing yet.", "Taxes.", "CHANGES.md")
    stage(billing, '"jest"', '"vitest"', "package.json")

    assert [one for one, _ in met(billing)] == [
        "CHANGES.md::Unreleased",
        "package.json::scripts.test",
    ]


def test_one_of_several_of_a_name(billing: Repo) -> None:
    source = (
        "class A {\n  int f(int a) { return a; }\n  int f(long b) { return 2; }\n"
        "  int f(char c) { return 3; }\n}\n"
    )
    billing.write("A.java", source)
    billing.commit("Overloads")
    every = [one["address"] for one in billing.json("symbols", "A.java::A.f")["symbols"]]
    assert len(set(every)) == 3
    billing.reserve(every[1], "--run-id", "a")
    stage(billing, "return 3", "return 4", "A.java")
    assert met(billing) == []
    stage(billing, "long b", "long b, int more", "A.java")
    assert [held for _, held in met(billing)] == [every[1]]


def test_binary_files_are_met_as_wholes(billing: Repo) -> None:
    (billing.path / "logo.png").write_bytes(b"\x89PNG\0\1")
    billing.commit("A logo")
    billing.reserve("logo.png", "--run-id", "a")
    (billing.path / "logo.png").write_bytes(b"\x89PNG\0\2")
    billing.git("add", ".")

    assert met(billing) == [("logo.png", "logo.png")]


def test_a_file_that_becomes_binary_meets_all_that_is_held_in_it(billing: Repo) -> None:
    billing.reserve(TAX, "--run-id", "a")
    (billing.path / PATH).write_bytes(b"\0")
    billing.git("add", ".")

    assert met(billing) == [(PATH, TAX)]


def test_many_meetings_of_one_reservation_are_told_once(billing: Repo) -> None:
    billing.reserve("src/", "--run-id", "a")
    billing.write(
        "src/many.py",
        "".join(f"def f{number}():\n    return {number}\n\n\n" for number in range(20)),
    )
    billing.git("add", ".")

    text = billing.muse("check").out
    assert text.count("reserved by run-id 'a'") == 1
    assert "and 17 more" in text
    assert "20 changes, 1 conflict" in text
    every = billing.muse("check", "--all-findings").out
    assert every.count("src/many.py::f") == 20
    assert every.startswith("⚠ 1 reservation of run-id 'a':\n")
    assert len(met(billing)) == 20


def test_of_many_files_only_those_near_a_reservation_are_read(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    stage(billing, *EDIT_TOTAL)
    for number in range(FAR_MOST):
        billing.write(f"lib/m{number}.py", "x = 1\n")
    billing.git("add", ".")

    answer = billing.json("check")
    kinds = {(one["address"], one["change"]) for one in answer["changes"]}
    assert kinds == {
        (TOTAL, "modified"),
        *((f"lib/m{number}.py", "added") for number in range(FAR_MOST)),
    }


def test_nothing_is_read_where_nobody_holds_anything_near(billing: Repo) -> None:
    billing.reserve("README.md", "--run-id", "a")
    stage(billing, *EDIT_TOTAL)

    answer = billing.json("check")
    assert [(one["address"], one["change"]) for one in answer["changes"]] == [(PATH, "modified")]
    assert not (billing.git_dir / "muse-coord/symbols-2.sqlite3").exists()


def test_the_working_tree(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    billing.reserve("src/new.py::f", "--run-id", "a")
    edit(billing, *EDIT_TOTAL)
    billing.write("src/new.py", "def f():\n    return 1\n")

    assert met(billing) == []
    assert sorted(met(billing, "--worktree")) == [
        (TOTAL, TOTAL),
        ("src/new.py::f", "src/new.py::f"),
    ]
    billing.git("add", ".")
    edit(billing, EDIT_TOTAL[1], EDIT_TOTAL[0])
    assert met(billing, "--worktree") == [("src/new.py::f", "src/new.py::f")]
    assert (TOTAL, TOTAL) in met(billing)


def test_ranges(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    stage(billing, *EDIT_TOTAL)
    billing.git("commit", "-qm", "Round")
    stage(billing, *EDIT_TAX)
    billing.git("commit", "-qm", "Finer")

    here = [(TOTAL, TOTAL)]
    assert met(billing, "--range", "HEAD~2..HEAD") == here
    assert met(billing, "--range", "HEAD~2..") == here
    assert met(billing, "--range", "HEAD~2...HEAD") == here
    assert met(billing, "--range", "HEAD~2") == here
    assert met(billing, "--range", "HEAD~1..HEAD") == []
    assert met(billing, "--range", "HEAD^!") == []
    assert met(billing, "--range", "HEAD~1^!") == here
    assert met(billing) == []


def test_a_range_since_the_branches_parted(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    billing.git("checkout", "-q", "-b", "topic")
    stage(billing, *EDIT_TAX)
    billing.git("commit", "-qm", "Finer")
    billing.git("checkout", "-q", "main")
    stage(billing, *EDIT_TOTAL)
    billing.git("commit", "-qm", "Round")
    billing.git("checkout", "-q", "topic")

    assert met(billing, "--range", "main..topic") == [(TOTAL, TOTAL)]
    for since in ("main...topic", "main"):
        assert met(billing, "--range", since) == []


@pytest.mark.parametrize(
    "given",
    [
        "nothing",
        "HEAD..nothing",
        "HEAD...nothing",
        "--output=x",
        "^HEAD",
        "HEAD:src",
        "",
        "..x",
        "a b",
        "\n",
    ],
)
def test_bad_ranges(billing: Repo, given: str) -> None:
    ran = billing.muse("check", f"--range={given}")

    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("error: ")
    assert not (billing.path / "x").exists()


def test_branches_without_a_common_commit(billing: Repo) -> None:
    billing.git("checkout", "-q", "--orphan", "other")
    billing.commit("Another root")

    assert "common history" in billing.muse("check", "--range", "main...other").err
    assert billing.muse("check", "--range", "main..other").code == 0


def test_a_range_and_the_working_tree(billing: Repo) -> None:
    assert billing.muse("check", "--worktree", "--range", "HEAD").code == 1
