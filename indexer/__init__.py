"""Turn folders of saved Chinese web pages into a search index."""

__version__ = "1.0.0"
