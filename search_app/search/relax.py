"""Readings → query trees, from the strict one to ever looser ones.

A strict reading wants all of two words, most of more, every phrase exactly, every title word
in the title. While nothing is found, the next looser tree is tried:

1. what was typed without a break is also looked for as a run of characters (where hardly
   anything is found, too);
2. any one of the words is enough;
3. any part of a word is enough;
4. phrases beside words, and words of a title, are looked for as words anywhere (a phrase
   alone stays exact: its count is a promise).

Filters and exclusions always hold. Documents that fit the strict reading stay first: they
have all the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search_app.search import tree
from search_app.search.notes import Note
from search_app.search.reading import Concept, Reading, least

FEW = 3
"""Fewer documents than this ask for the run of characters as well."""


@dataclass(frozen=True, slots=True)
class Step:
    """A tree to try. `enough` documents make it the last one. `text` and `note` say what was
    loosened (nothing in the first step). A tree of None matches every document."""

    tree: tree.Node | None
    enough: int
    text: str = ""
    note: Note | None = None


def strict(reading: Reading) -> tree.Node | None:
    """The reading as it stands."""
    return _tree(_required(reading), reading.concepts, _minimum(reading.concepts))


def steps(reading: Reading) -> Iterator[Step]:
    """The strict reading, then looser ones."""
    concepts = reading.concepts
    runs = [concept for concept in concepts if concept.run]
    yield Step(strict(reading), FEW if runs else 1)

    required = _required(reading)
    if runs:
        text = " ".join(concept.run for concept in runs)
        wider = tuple(_with_run(concept) for concept in concepts)
        # The fewer words of the wider concepts may be asked for, the run stands for all of them.
        yield Step(
            _tree(required, wider, _minimum(wider)), 1, text, Note.of("relaxed_run", value=text)
        )
    words = " ".join(_name(concept) for concept in concepts)
    if sum(len(concept.children) for concept in concepts) > 1:
        yield Step(_tree(required, concepts, 1), 1, words, Note.of("relaxed_any"))
    if concepts:
        loosest = _tree(required, _loosened(concepts), 1)
        yield Step(loosest, 1, words, Note.of("relaxed_parts", value=words))
    # Quotes ask for just these characters: where nothing else was typed, none is the answer.
    if reading.titles or (reading.phrases and concepts):
        freed = tuple(phrase.concept for phrase in reading.phrases)
        freed += tuple(concept for _, _, concept in reading.titles)
        texts = [phrase.text for phrase in reading.phrases]
        texts += [text for text, _, _ in reading.titles]
        text = " ".join(texts)
        note = "relaxed_phrase" if reading.phrases else "relaxed_required"
        everything = (*freed, *concepts)
        for wanted, minimum in (
            (everything, _minimum(everything)),
            (_loosened(everything), 1),
        ):
            tree_ = _tree(reading.filters, wanted, minimum)
            yield Step(tree_, 1, text, Note.of(note, value=text))


def _required(reading: Reading) -> tuple[tree.Node, ...]:
    """What must hold beside the words: filters, words of the title, exact phrases."""
    titles = (node for _, node, _ in reading.titles)
    return (*reading.filters, *titles, *(phrase.exact for phrase in reading.phrases))


def _tree(
    required: tuple[tree.Node, ...], concepts: tuple[Concept, ...], minimum: int
) -> tree.Node | None:
    nodes = list(required)
    if concepts:
        nodes.append(
            tree.Most(
                tuple(child for concept in concepts for child in concept.children),
                minimum,
                tuple(node for concept in concepts for node in concept.scoring),
                tuple(leaf for concept in concepts for leaf in concept.sequence),
            )
        )
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else tree.All(tuple(nodes))


def _minimum(concepts: tuple[Concept, ...]) -> int:
    return least(sum(len(concept.children) for concept in concepts))


def _with_run(concept: Concept) -> Concept:
    """The concept, or all of it as one run of characters."""
    if not concept.run:
        return concept
    run = tree.Run(concept.run)
    whole = concept.children[0] if len(concept.children) == 1 else tree.All(concept.children)
    return Concept(
        (tree.Any((whole, run), "max"),),
        (*concept.scoring, run),
        concept.loose,
        concept.sequence,
        concept.run,
    )


def _loosened(concepts: tuple[Concept, ...]) -> tuple[Concept, ...]:
    """Each concept as any of its words, parts and synonyms, scored by all of them."""
    found = []
    for concept in concepts:
        parts = concept.loose.children if isinstance(concept.loose, tree.Any) else ()
        scoring = tuple(dict.fromkeys((*concept.scoring, *parts)))
        # Synonyms are in `scoring` already, as the best of a group.
        scored = [
            node
            for node in scoring
            if not any(
                isinstance(group, tree.Any) and group is not node and node in group.children
                for group in scoring
            )
        ]
        found.append(Concept((concept.loose,), tuple(scored), concept.loose, concept.sequence))
    return tuple(found)


def _name(concept: Concept) -> str:
    return concept.run or "".join(leaf.text for leaf in concept.sequence)
