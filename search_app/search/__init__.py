"""What was typed → query → hits, facet counts, snippets and suggestions. Knows no Flask."""
