"""Why a document has its score: words, nearness, title, lead and subject, each with its share."""

from __future__ import annotations

from collections.abc import Iterator

from search_app.search import tree
from search_app.search.engines.base import TermScore
from search_app.search.engines.whoosh.evaluate import Evaluator
from search_app.search.engines.whoosh.matches import Docs, Mask, Scores
from search_app.search.engines.whoosh.rescoring import Rescorer, words_in_order


def explain(
    evaluator: Evaluator,
    rescorer: Rescorer,
    node: tree.Node | None,
    doc: int,
    candidates: tuple[Docs, Scores, Mask | None],
    lift: float = 0.0,
) -> Iterator[TermScore]:
    """The parts of one document's score; they add up to it.

    `candidates` are those that were rescored together (documents in order, base scores, which
    have all words); a document that is not among them has the score of its words alone.
    `lift` is what its date adds to the score of its words, as a share; the candidates' scores
    have theirs already.
    """
    base = 0.0
    for leaf, score, detail in evaluator.parts(node, doc):
        base += score
        yield TermScore(leaf.text, score, detail)
    if base and lift:
        yield TermScore("recent", base * lift, {"lift": round(lift, 4)})
        base *= 1 + lift
    docs, scores, full = candidates
    place = int(docs.searchsorted(doc))
    wanted = words_in_order(node)
    if not base or not wanted or place == len(docs) or docs[place] != doc:
        return
    ranking = rescorer.ranking
    features = rescorer.features(wanted, docs)
    near = float(features.near[place]) if len(features.near) else 0.0
    title, lead = float(features.title[place]), float(features.lead[place])
    for label, share, value in (
        ("near", ranking.near * near / (near + 1), near),
        ("title_cover", ranking.title_cover * title**2, title),
        ("lead_cover", ranking.lead_cover * lead, lead),
    ):
        if share:
            yield TermScore(label, base * share, {"value": round(value, 4)})
    close = scores * rescorer.factor(features)
    best = float(close.max())
    if ranking.feedback:
        like = float(rescorer.feedback.likeness(docs, close)[place])
        if like:
            yield TermScore("subject", best * ranking.feedback * like, {"likeness": round(like, 4)})
    if ranking.all_words and full is not None and full[place]:
        yield TermScore("all_words", best * ranking.all_words)
