"""Write token streams into an index that a search engine can read."""
