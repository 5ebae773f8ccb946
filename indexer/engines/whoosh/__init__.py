"""The embedded default engine: a Whoosh index whose postings are arrays."""
