"""What can go wrong with a forge, in words for the people of a desk; no message holds a token."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from bot.errors import DeskError

_ASK = "Ask whoever runs the bot"


class ForgeError(DeskError):
    """The forge could not do what was asked; `about` holds, by name, what its words speak of."""

    about: Mapping[str, str] = MappingProxyType({})


class AlreadyOpenError(ForgeError):
    """There is a pull request for this branch already, which we then could not find."""

    def __init__(self) -> None:
        super().__init__(
            "The forge says that there is a pull request for this branch already, and does not show it.",
            advice=f"{_ASK} to give the token the right to read pull requests.",
        )


class NothingToMergeError(ForgeError):
    """The branch holds nothing that its base does not."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to merge: the branch holds nothing new.", advice="Publish something first."
        )


class ForgeTokenError(ForgeError):
    """No token, or one that is wrong or has run out."""

    def __init__(self) -> None:
        super().__init__(
            "The forge does not accept my token.", advice=f"{_ASK} to renew the token for pull requests."
        )


class NoForgeRightError(ForgeError):
    """Known to the forge, but not allowed to do it."""

    def __init__(self) -> None:
        super().__init__(
            "I have no right to do this with pull requests here.",
            advice=f"{_ASK} to give my token the right to read and write pull requests.",
        )


class NoSuchProjectError(ForgeError):
    """No such project or pull request, or none that we may see."""

    def __init__(self) -> None:
        super().__init__(
            "The forge has no such project or pull request, or does not show it to me.",
            advice=f"{_ASK} to check newsletter.pull_request.project and the token.",
        )


class ForgeMovedError(ForgeError):
    """The forge sends us elsewhere; the token does not go there."""

    def __init__(self) -> None:
        super().__init__(
            "The forge says that the project has moved, and I do not carry the token elsewhere.",
            advice=f"{_ASK} to write the new place into newsletter.pull_request (api and project).",
        )


class ForgeRefusedError(ForgeError):
    """The forge refused, and said why."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The forge refused: {reason.rstrip('.') or 'it did not say why'}.",
            advice=f"{_ASK} to look at the project's settings for pull requests.",
        )
        self.about = {"reason": reason.rstrip(".") or "…"}


class ForgeStrangeError(ForgeError):
    """The forge answered, and not as one of its kind does."""

    def __init__(self) -> None:
        super().__init__(
            "The forge's answer is none that I understand.",
            advice=f"{_ASK} to check newsletter.pull_request (forge and api).",
        )


class ForgeAwayError(ForgeError):
    """The forge cannot be reached, or is out of order: this may pass."""

    def __init__(self) -> None:
        super().__init__(
            "I cannot reach the forge for the pull request.",
            advice="Nothing is half done: try again when it answers.",
        )


class ForgeBusyError(ForgeError):
    """We have asked too often: this passes in so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        minutes = max(1, math.ceil(seconds / 60))
        super().__init__(
            f"The forge wants me to ask less often: I may ask again in {minutes} min.",
            advice="Nothing is half done: try again then.",
        )
        self.seconds, self.about = seconds, {"minutes": str(minutes)}


PASSING_FORGE_ERRORS = (ForgeAwayError, ForgeBusyError)
"""What may be gone a moment later. A request whose answer was lost is among them: it may have been done."""
