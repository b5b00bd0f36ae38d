"""What goes wrong on purpose: errors, slowness, lost and broken answers."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal["fail", "slow", "drop", "break"]


@dataclass
class Trouble:
    """One planned mishap for calls whose path begins so; `*` in it stands for anything."""

    kind: Kind
    method: str
    path: str
    times: int
    status: int = 500
    code: int = 0
    message: str = "planned failure"
    retry_after: float | None = None
    seconds: float = 0.0
    after_effect: bool = False
    how: str = "cut"

    def meets(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("*", method) and fnmatchcase(path, self.path + "*")


@dataclass
class Mischief:
    """The mishaps that wait for their call."""

    troubles: list[Trouble] = field(default_factory=list)

    def next_for(
        self, method: str, path: str, *kinds: Kind, after_effect: bool | None = None
    ) -> Trouble | None:
        """Use up and return the first mishap of these kinds that meets the call."""
        for trouble in self.troubles:
            asked = trouble.kind in kinds and after_effect in (None, trouble.after_effect)
            if asked and trouble.meets(method, path):
                trouble.times -= 1
                return trouble
        return None

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        *,
        code: int = 0,
        message: str = "planned failure",
        retry_after: float | None = None,
        times: int = 1,
        after_effect: bool = False,
    ) -> None:
        """Answer the next `times` calls with an error; `retry_after` in seconds, for 429."""
        self.troubles.append(
            Trouble(
                "fail",
                method,
                path,
                times,
                status=status,
                code=code,
                message=message,
                retry_after=retry_after,
                after_effect=after_effect,
            )
        )

    def slow(
        self, method: str, path: str, seconds: float, *, times: int = 1, after_effect: bool = False
    ) -> None:
        """Take that many seconds before the next `times` calls take effect, or before they are answered."""
        trouble = Trouble("slow", method, path, times, seconds=seconds, after_effect=after_effect)
        self.troubles.append(trouble)

    def drop(self, method: str, path: str, *, times: int = 1, after_effect: bool = True) -> None:
        """Close the connection without an answer, after the call took effect or instead of that.

        aiohttp's client itself repeats a PUT, DELETE or GET once when a kept connection breaks.
        """
        self.troubles.append(Trouble("drop", method, path, times, after_effect=after_effect))

    def break_answer(
        self, method: str, path: str, *, how: Literal["cut", "html", "nonsense"] = "cut", times: int = 1
    ) -> None:
        """Let calls take effect, but answer half a body, a proxy's page, or JSON that is none."""
        self.troubles.append(Trouble("break", method, path, times, how=how, after_effect=True))
