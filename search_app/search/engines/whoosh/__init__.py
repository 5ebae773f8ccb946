"""Search over the array index in memory-mapped files."""
