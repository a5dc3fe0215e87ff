"""Verdicts and effects, written for other programs: one file for each target."""
