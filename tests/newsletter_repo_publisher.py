"""A program that publishes one numbered line after another until it is killed.

Usage: python -m tests.newsletter_repo_publisher FOLDER REMOTE NEXT   (REMOTE - for none)
It prints `open`, then each number once its commit is said to be made.
"""

import asyncio
import sys
from pathlib import Path

from tests.newsletter_repo_fixtures import EDITOR, NOON, adding_line, opened


async def publish_for_ever(folder: Path, remote: str | None, number: int) -> None:
    """Publish line after line; the same number always has the same publish id."""
    repo = await opened(folder, remote)
    print("open", flush=True)
    while True:
        await repo.commit(
            adding_line("lines.md", str(number)),
            message=f"Publish {number}",
            author=EDITOR,
            when=NOON,
            publish_id=f"p{number}",
        )
        print(number, flush=True)
        number += 1


if __name__ == "__main__":
    place, address, first = sys.argv[1:]
    asyncio.run(publish_for_ever(Path(place), None if address == "-" else address, int(first)))
