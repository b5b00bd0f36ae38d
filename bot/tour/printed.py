"""What the newsletter's repository holds, and what came of the day."""

from functools import partial

from bot.config import Config
from bot.newsroom import utc_now
from bot.operator_tasks import desk_status
from bot.tour.day import Day, expect
from bot.tour.moments import Committed, Figures
from bot.tour.visitor import Visitor
from renderers.issue_document import IssueDocument
from renderers.layout import load_layout
from storage.newsletter_repo import NewsletterRepo, Signature, Snapshot


async def newest(config: Config) -> Snapshot:
    """Return the newsletter's repository as it is now. Raises a RepoError."""
    return await (await _repository(config)).snapshot()


async def take_stock(day: Day) -> Figures:
    """Show the audience the commit and the Markdown; count what came of the day.

    Raises UnexpectedError where people saw different rooms, a bug was met, git finds a fault, or there isn't
    just one issue.
    """
    await _expect_one_room(day)
    await _expect_soundness(day.setting.config)
    layout = load_layout(day.setting.config.newsletter.layout)
    snapshot = await newest(day.setting.config)
    paths = await snapshot.list(layout.folder)
    expect(len(paths) == 1, f"one issue in the repository, but it has {len(paths)}")
    content = await snapshot.read(paths[0]) or b""
    await day.audience.see(Committed(paths[0], await _log(snapshot), content.decode()))
    shown = day.eyes.cards()
    return Figures(
        commit=str(snapshot.id),
        path=paths[0],
        stories=len({message["card"]["number"] for message in shown}),
        published=len(IssueDocument.parse(content, layout).stories),
        receipts=day.eyes.receipts(),
        cards=len(shown),
    )


async def _expect_one_room(day: Day) -> None:
    """Wait until everyone has heard of the latest change: then all must see the same messages."""
    people = list(day.setting.people.values())
    latest = max(person.change for person in people)
    for person in people:
        await person.until(partial(_knows, person, latest), "the latest change")
    expect(all(person.messages == day.eyes.messages for person in people), "everyone to see the same room")


def _knows(person: Visitor, change: int) -> bool:
    return person.change >= change


async def _expect_soundness(config: Config) -> None:
    failed = (await desk_status(config))["events_failed"]
    expect(not failed, f"no event to meet a bug, but these did: {failed}")
    faults = await (await _repository(config)).fsck()
    expect(not faults, f"a sound repository, but git says: {faults}")


async def _repository(config: Config) -> NewsletterRepo:
    newsletter = config.newsletter
    repo = NewsletterRepo(newsletter.repository, remote=None, branch=newsletter.branch)
    await repo.open({}, Signature("Copydesk", f"copydesk@{newsletter.email_domain}"), utc_now())
    return repo


async def _log(snapshot: Snapshot) -> str:
    answer = await snapshot.git.run("log", "-1", "--stat", "--format=medium", str(snapshot.id))
    return answer.stdout.decode("utf-8", "replace")
