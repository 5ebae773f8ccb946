"""Finished values for the templates: every text translated, every number and link written."""
