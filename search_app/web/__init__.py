"""HTML and JSON over the search."""
