"""Search the index in a browser or on the command line."""
