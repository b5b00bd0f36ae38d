"""What the desk remembers: database, journal, newsletter repository."""
