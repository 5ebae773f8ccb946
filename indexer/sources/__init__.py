"""Find the files of a source and give their raw pages, one reader per kind of file."""
