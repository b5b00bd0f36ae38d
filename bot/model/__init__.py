"""Drafts by a language model: what it is asked, and what of its answer may stand."""
