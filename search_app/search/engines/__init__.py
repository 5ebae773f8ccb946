"""The read side of the engines."""
