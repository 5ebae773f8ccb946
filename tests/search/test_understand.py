"""The whole plan of a query, compared as data."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings

from indexer.analysis import Analyzer, load_analyzer
from search_app.search.query import parse
from search_app.search.ranking import RANKING
from search_app.search.reading import Reading, least
from search_app.search.relax import steps, strict
from search_app.search.state import SearchState
from search_app.search.tree import (
    All,
    Any,
    FieldFilter,
    Most,
    Not,
    Prefix,
    Range,
    Run,
    Word,
    leaves,
)
from search_app.search.understand import MAX_WORDS, understand
from tests.search.strategies import queries


class Known:
    """A vocabulary in which every word is common but those named."""

    def __init__(self, **rare: int) -> None:
        self.rare = rare

    def frequency(self, term: str, field: str | None = None) -> int:
        return self.rare.get(term, 1_000)

    def values(self, facet: str) -> Mapping[str, int]:
        return {"人民网": 5, "人民网-贵州频道": 2, "新华社": 9}


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


def plan(
    text: str, analyzer: Analyzer, vocabulary: Known | None = None, **state: object
) -> Reading:
    params = {"q": [text], **{name: [str(value)] for name, value in state.items()}}
    return understand(parse(text), SearchState.from_params(params), analyzer, vocabulary or Known())


def test_words_side_by_side(analyzer: Analyzer) -> None:
    reading = plan("天气 出行", analyzer, synonyms=0)
    words = (Word("天气"), Word("出行"))
    assert strict(reading) == Most(words, 2, words, words)


def test_a_long_term_is_searched_by_its_words_and_counts_as_a_whole_too(
    analyzer: Analyzer,
) -> None:
    reading = plan("残疾人就业", analyzer, synonyms=0)
    words = (Word("残疾人"), Word("就业"))
    whole = Word("残疾人就业", weight=RANKING.compound)
    assert strict(reading) == Most(words, 2, (*words, whole), words)


def test_synonyms_match_beside_the_word_and_score_less(analyzer: Analyzer) -> None:
    reading = plan("残联", analyzer)
    tree = strict(reading)
    assert isinstance(tree, Most)
    (child,) = tree.children
    assert isinstance(child, Any)
    assert child.combine == "max"
    assert child.children[0] == Word("残联")
    weights = {leaf.text: leaf.weight for leaf in leaves(tree)}
    assert weights["残联"] == 1.0
    assert 0 < weights["残疾人联合会"] < 0.5


def test_the_abbreviation_of_two_provinces_means_both(analyzer: Analyzer) -> None:
    tree = strict(plan("粤桂", analyzer))
    assert isinstance(tree, Most)
    both = [node for child in tree.children for node in getattr(child, "children", ())]
    assert any(
        isinstance(node, All) and {leaf.text for leaf in leaves(node)} == {"广东", "广西"}
        for node in both
    )


def test_weak_associations_never_make_a_document_match(analyzer: Analyzer) -> None:
    rule, weak = next(
        (rule, expansion)
        for rule in analyzer.synonyms.rules.values()
        for expansion in rule.expansions
        if expansion.weight < RANKING.synonym_matches
        and len(rule.phrases) == len(expansion.phrases) == 1
        and expansion.text.isalpha()
    )
    tree = strict(plan(rule.text, analyzer))
    assert isinstance(tree, Most)
    matching = {leaf.text for child in tree.children for leaf in leaves(child)}
    scoring = {leaf.text for node in tree.scoring for leaf in leaves(node)}
    assert weak.text in scoring - matching


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("“天气预报”", Run("天气预报")),
        ("“天气，出行”", Run("天气 出行")),
        ("year:2018..2020", Range("year", 2018, 2020)),
        ("年份：2018..", Range("year", 2018, None)),
        ("来源：人民网", FieldFilter("source", ("人民网",))),
        ("来源：贵州", FieldFilter("source", ("人民网-贵州频道",))),
        ("省份：粤", FieldFilter("province", ("广东",))),
        ("受援方:广西壮族自治区", FieldFilter("recipient", ("广西",))),
        ("类型:消费帮扶", FieldFilter("program", ("consumption",))),
        ("-year:2018", Not(Range("year", 2018, 2018))),
        ("-天气", Not(Word("天气"))),
        ("-“天气预报”", Not(Run("天气预报"))),
        ("title:天气", Word("天气", ("title",))),
    ],
)
def test_signs_of_the_language(text: str, tree: object, analyzer: Analyzer) -> None:
    assert strict(plan(text, analyzer, synonyms=0)) == tree


def test_prefixes_and_alternatives_stand_among_the_words(analyzer: Analyzer) -> None:
    assert strict(plan("残疾*", analyzer)) == Most((Prefix("残疾"),), 1, (Prefix("残疾"),))
    either = Any((Word("天气"), Word("出行")))
    assert strict(plan("天气|出行", analyzer, synonyms=0)) == Most((either,), 1, (either,))


def test_one_character_is_any_run(analyzer: Analyzer) -> None:
    tree = strict(plan("鸿", analyzer, synonyms=0))
    assert isinstance(tree, Most)
    assert tree.children == (Run("鸿"),)


def test_a_word_that_the_index_lacks_is_looked_for_as_a_run(analyzer: Analyzer) -> None:
    reading = plan("天气", analyzer, Known(天气=0), synonyms=0)
    tree = strict(reading)
    assert isinstance(tree, Most)
    assert Run("天气") in set(leaves(tree))
    assert "run" in {part.kind for part in reading.parts}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("天气*", ("prefix", "天气")),
        ("天*报", ("wildcard", "天*报")),
        ("天气~1", ("fuzzy", "天气")),
        ("标题：天气", ("field", "标题:天气")),
        ("年份：2018", ("field", "年份:2018")),
        ("-标题:天气", ("exclude", "标题:天气")),
        ("标题:天气 OR 出行", ("either", "标题:天气 | 出行")),
        ("“没有的词”", ("phrase", "没有的词")),
    ],
)
def test_what_is_told_is_what_was_typed(
    text: str, told: tuple[str, str], analyzer: Analyzer
) -> None:
    nothing_known = Known(天气=0, 没有=0, 词=0)
    (part,) = plan(text, analyzer, nothing_known, synonyms=0).parts
    assert (part.kind, part.text) == told


def test_spaces_between_single_characters_are_no_borders(analyzer: Analyzer) -> None:
    spaced = plan("残 疾 人", analyzer)
    assert strict(spaced) == strict(plan("残疾人", analyzer))
    assert "fold" in {part.kind for part in spaced.parts}


def test_traditional_and_full_width_are_told_as_folded(analyzer: Analyzer) -> None:
    reading = plan("殘疾人", analyzer)
    assert strict(reading) == strict(plan("残疾人", analyzer))
    (part,) = [part for part in reading.parts if part.kind == "fold"]
    assert (part.text, part.reading) == ("殘疾人", ("残疾人",))


@pytest.mark.parametrize(("words", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (10, 6)])
def test_most_of_many_words(words: int, needed: int) -> None:
    assert least(words) == needed


def test_looser_readings_keep_filters_and_exclusions(analyzer: Analyzer) -> None:
    reading = plan("“天气预报” 出行 -电梯 year:2020", analyzer)
    kept = {Not(Word("电梯")), Range("year", 2020, 2020)}
    trees = [step.tree for step in steps(reading)]
    assert len(trees) > 2
    for tree in trees:
        assert isinstance(tree, All)
        assert kept <= set(tree.children)


def test_only_the_first_reading_is_without_a_note(analyzer: Analyzer) -> None:
    first, *others = steps(plan("天气 “出行方便” title:电梯", analyzer))
    assert first.note is None
    assert all(step.note is not None for step in others)


@given(queries)
@settings(max_examples=200, deadline=None)
def test_every_text_has_a_bounded_plan(text: str) -> None:
    reading = plan(text, load_analyzer())
    for step in steps(reading):
        if step.tree is not None:
            hash(step.tree)
            assert len(list(leaves(step.tree))) < MAX_WORDS * 30


@pytest.mark.parametrize("text", ["了 的", "的了", "的 和"])
def test_nothing_but_stop_words_is_looked_for_as_typed(text: str, analyzer: Analyzer) -> None:
    reading = plan(text, analyzer)
    assert strict(reading) is not None
    assert reading.notes == ()
    assert "ignored" not in {part.kind for part in reading.parts}


@pytest.mark.parametrize(
    ("text", "said"), [("国办发〔2018〕12号", False), ("殘疾人", True), ("残 疾 人", True)]
)
def test_only_a_change_of_letters_is_told(text: str, said: bool, analyzer: Analyzer) -> None:
    assert ("fold" in {part.kind for part in plan(text, analyzer).parts}) == said
