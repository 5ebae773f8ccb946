"""The embedded engine's read side: query trees evaluated over memory-mapped arrays.

engine      answers one request: matches, filters, facet counts, order, page
index       the segments of a generation as one
evaluate    query tree → documents and BM25F scores
matches     sets of documents with scores, and how they combine
expand      the terms that a prefix, a pattern or a misspelt word stands for
standing    where words stand, in all documents or in some
spots       such places as sorted keys
runs        any run of characters, exactly, without an n-gram index
rescoring   nearness, order, title and lead over the best candidates
feedback    likeness to the best hits; documents about the same matter
freshness   the lift of later dates
top         the best of many scores, one hit per family
counting    facet columns: filters as masks, counts in one pass
marking     where the words stand in the stored text
explaining  why a document has its score
vocabulary  the words of the index and of single documents
recent      what was read of documents last
queries     trees of Whoosh's own query language over the same arrays
"""
