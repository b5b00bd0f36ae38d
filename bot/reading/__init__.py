"""A link becomes an article."""
