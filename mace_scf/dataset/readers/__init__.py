"""Readers of data files: thin, streaming, and all giving the same profile."""
