"""Reads records from files: all formats in which data sets are published, one record at a time, in bounded memory."""
