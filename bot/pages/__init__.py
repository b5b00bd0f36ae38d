"""The web desk: pages and the room in the browser."""
