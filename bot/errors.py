"""What can go wrong at the desk, and what people can do about it."""


class DeskError(Exception):
    """A failure that someone in the room can put right.

    The text may be read out in a room: it holds no token, path or traceback.
    """

    def __init__(self, problem: str, *, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice
