"""Fakes of what is not ours: the chat platform and the web."""
