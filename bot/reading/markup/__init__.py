"""What a page's markup says: its body, its titles, who wrote it and when."""
