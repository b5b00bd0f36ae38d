"""`python -m bot tour`."""


def tour() -> None:
    """Show a day at the desk."""
