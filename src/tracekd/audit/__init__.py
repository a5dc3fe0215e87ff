"""Audits supervised data: what is wrong with rows that a student would be taught from (arXiv 2505.13792, its data)."""
