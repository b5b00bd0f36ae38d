"""What keeps a fetch safe and bounded."""
