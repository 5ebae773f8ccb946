"""Derive places, provinces with their roles, year and programs, each with its evidence."""
