"""What people read: frozen data in, text out."""
