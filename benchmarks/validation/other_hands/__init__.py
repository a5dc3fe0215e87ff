"""Wordings of free traces by hands that had seen neither the grammars nor other wordings, for `free_traces.py`."""
