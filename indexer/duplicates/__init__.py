"""Group documents into families of reprints."""
