"""What the program prints speaks with one voice: words that everybody or the glossary knows, each fact in one place.

A new text with a word that is neither plain English nor in ``docs/reference/glossary.md`` fails. Take a simpler word;
or, if it names something, explain it in the glossary; or, if somebody with school English knows it, add its base form
to ``plain_words.txt``.
"""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from tests.docs.places import PAGES, TOP
from tests.docs.sessions import steps_of
from tests.docs.texts import Text, bases_of, texts, words_in

GLOSSARY = (TOP / "docs/reference/glossary.md").read_text(encoding="utf-8")
PLAIN = frozenset((TOP / "tests/docs/plain_words.txt").read_text(encoding="utf-8").split())
TEXTS = texts()

SMALL = {
    *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is"),
    *("it", "its", "of", "on", "or", "that", "the", "their", "them", "there", "these", "they"),
    *("this", "those", "to", "was", "were", "which", "who", "with"),
}
"""Words that say nothing about what a sentence says."""

DENYING = {"no", "not", "nothing", "nobody", "none", "never", "cannot"}


def of_the_glossary() -> frozenset[str]:
    """The words that the glossary explains, in bold or in its first column, and those that it takes as known."""
    explained, _, known = GLOSSARY.partition("## What is taken as known")
    terms = re.findall(r"^\| ([^|]+) \|", explained, re.MULTILINE)
    terms += re.findall(r"\*\*([^*]+)\*\*", explained)
    terms += re.findall(r"^\| [^|]+ \| ([^|]+) \|$", known, re.MULTILINE)
    words = {word for term in terms for word in re.findall(r"[a-z]+", term.lower())}
    return frozenset(base for word in words for base in bases_of(word))


KNOWN = PLAIN | of_the_glossary()


def unknown_words(text: str) -> list[str]:
    return [word for word in words_in(text) if KNOWN.isdisjoint(bases_of(word))]


def test_texts_are_found_where_they_are_printed() -> None:
    """The collector sees sentences, helps of options, of verbs, and what settings do."""
    together = "\n".join(text.words for text in TEXTS)

    for part in (
        "is reserved by ",
        "Exit 2 if there is a conflict",
        "Mend what breaks git itself.",
        "what agents' hooks do at a conflict",
        "the newest records of ",
        "reservations were not checked, and nothing is stopped",
    ):
        assert part in together
    assert len(TEXTS) > 700


def test_every_word_is_plain_or_in_the_glossary() -> None:
    unknown = {
        word: f"{text.place}: {text.words}" for text in TEXTS for word in unknown_words(text.words)
    }

    assert unknown == {}


def test_no_word_is_kept_as_plain_that_no_text_has() -> None:
    used = {base for text in TEXTS for word in words_in(text.words) for base in bases_of(word)}

    assert PLAIN - used == set()


def test_a_word_of_nobody_is_noticed() -> None:
    assert unknown_words("the frobnicator of … was reserved") == ["frobnicator"]


def what_it_says(text: str) -> frozenset[str]:
    """The words that carry a sentence, in a form that its inflections share, and what is to be typed."""
    typed = re.findall(r"--[a-z-]+|git muse-coord [a-z-]+|[a-z]+[/.][a-z./]+", text)
    return frozenset(min(bases_of(word), key=len) for word in words_in(text)) - SMALL | {*typed}


def are_alike(
    first: frozenset[str],
    second: frozenset[str],
) -> bool:
    """Whether two say nearly the same; who denies what the other says does not."""
    if first.isdisjoint(DENYING) != second.isdisjoint(DENYING):
        return False
    return len(first & second) >= 0.75 * len(first | second)


def same_facts(among: list[Text]) -> list[str]:
    """Each two that say nearly the same, of those that say something at all.

    In one module they may be one fact in two forms, such as one and many, and only what is there twice as it is counts.
    """
    saying = [(text, what_it_says(text.words)) for text in among]
    long_enough = [pair for pair in saying if len(pair[1]) >= 4]
    same: list[str] = []
    for (first, first_says), (second, second_says) in combinations(long_enough, 2):
        in_one_module = first.place.partition(":")[0] == second.place.partition(":")[0]
        alike = first.words == second.words if in_one_module else are_alike(first_says, second_says)
        if alike:
            same.append(f"{first.place} {first.words!r} and {second.place} {second.words!r}")
    return same


def test_no_two_texts_say_one_fact() -> None:
    """What two modules have to say has one place, from which both take it."""
    assert same_facts(TEXTS) == []


def test_what_is_said_again_is_noticed() -> None:
    said = Text("a.py:1", "the remote … refuses all records of ours")
    again = Text("b.py:1", "all records of ours are refused by remote …")

    assert len(same_facts([said, again])) == 1
    assert same_facts([said, Text("a.py:2", "the remotes … refuse all records of ours")]) == []


@pytest.mark.parametrize("page", PAGES)
def test_no_answer_says_a_fact_twice(page: str) -> None:
    """In what one command prints no two sentences are alike; the pages show what is printed."""
    twice: list[str] = []
    for step in steps_of((TOP / page).read_text(encoding="utf-8")):
        if step.typed.count("git ") > 1 or step.shown is None:
            continue
        sentences = [line.strip() for line in step.shown.splitlines() if "  " not in line.strip()]
        saying = [(line, what_it_says(line)) for line in sentences]
        long_enough = [pair for pair in saying if len(pair[1]) >= 5]
        for (line, its_words), (other, other_words) in combinations(long_enough, 2):
            if are_alike(its_words, other_words):
                twice.append(f"{line}\n{other}")
    assert twice == []


@pytest.mark.parametrize("page", PAGES)
def test_every_word_of_an_answer_is_known(page: str) -> None:
    """What was not found in the source shows here; what was typed by its reader is his own."""
    text = (TOP / page).read_text(encoding="utf-8")
    own = {word for step in steps_of(text) for word in re.findall("[a-z]+", step.typed.lower())}
    shown = [step.shown or "" for step in steps_of(text)]

    assert [word for answer in shown for word in unknown_words(answer) if word not in own] == []
