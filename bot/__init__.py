"""What happens when something happens in a room."""
