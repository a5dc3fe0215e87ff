"""Audits supervised data: finds faults in the rows that would train a student (arXiv 2505.13792, its data)."""
