"""The embedded engine's read side: query trees evaluated over memory-mapped arrays.

engine      answers one request: matches, filters, facet counts, order, page
evaluate    query tree → documents and BM25F scores
index       the segments of a generation as one
runs        any run of characters, exactly, without an n-gram index
rescoring   nearness, order, title and lead over the best candidates
counting    facet columns: filters as masks, counts in one pass
marking     where the words stand in the stored text
"""
