"""Tests that read like the chat."""
