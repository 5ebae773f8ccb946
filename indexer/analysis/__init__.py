"""Turn text into tokens: normalise, segment, filter; named recipes."""
