"""Find words that were put in place of others by spammers, and say what stood there."""
