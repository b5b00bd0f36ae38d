"""Past issues become published stories: for duplicates, search and advice."""

from datetime import date
from pathlib import Path

import pytest

from bot.config import Config
from bot.import_issues import NothingToImportError, import_issues
from bot.operator_tasks import opened
from renderers.issue_document import IssueDocument
from renderers.issue_page import PageStory
from renderers.layout import load_layout
from renderers.new_issue import begin_issue
from storage.records import Author, StoryStatus
from storage.stories import find_stories, sections_by_source
from tests.fakes.newsroom import config_of
from tests.newsletter_repo_fixtures import bare_repository, person_commits

SHARED = Path(__file__).parents[1].parent / "shared"


def issue(day: date, *urls: str) -> bytes:
    """An issue in the plain layout with a story for each link."""
    layout = load_layout("plain")
    document: IssueDocument = begin_issue(layout, date=day)
    for number, url in enumerate(urls, start=1):
        story = PageStory(
            section="papers", title=f"Story {number}", source="Marsh Weekly", url=url, summary="It rains."
        )
        document = document.with_story(story)
    return document.render()


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return config_of(tmp_path, database_url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two past issues."""
    folder = tmp_path / "paper" / "issues"
    folder.mkdir(parents=True)
    first = issue(date(2020, 4, 30), "https://site.test/a", "https://site.test/b?utm_source=x")
    (folder / "2020-04-30.md").write_bytes(first)
    (folder / "2020-05-14.md").write_bytes(issue(date(2020, 5, 14), "https://site.test/c"))
    return folder.parent


async def test_issues_of_a_folder_become_published_stories(config: Config, folder: Path) -> None:
    outcome = await import_issues(config, str(folder))

    assert (outcome.issues, outcome.stories, outcome.known, outcome.complaints) == (2, 3, 0, [])
    async with opened(config) as database, database.reading() as session:
        stories, _ = await find_stories(session, config.desk.name, ["site.test"], limit=10)
        assert {story.status for story in stories} == {StoryStatus.PUBLISHED}
        assert {(s.url, str(s.issue.date)) for s in stories if s.issue} == {
            ("https://site.test/a", "2020-04-30"),
            ("https://site.test/b", "2020-04-30"),
            ("https://site.test/c", "2020-05-14"),
        }
        assert {story.author_of("title") for story in stories} == {Author.GIT}
        assert await sections_by_source(session, config.desk.name) == {"Marsh Weekly": {"papers": 3}}


async def test_importing_again_adds_nothing(config: Config, folder: Path) -> None:
    await import_issues(config, str(folder))

    outcome = await import_issues(config, str(folder))

    assert (outcome.issues, outcome.stories, outcome.known) == (2, 0, 3)


async def test_one_file_is_enough(config: Config, folder: Path) -> None:
    outcome = await import_issues(config, str(folder / "issues" / "2020-05-14.md"))

    assert (outcome.issues, outcome.stories) == (1, 1)


async def test_a_repository_without_a_work_tree_is_read(config: Config, tmp_path: Path) -> None:
    repository = bare_repository(tmp_path / "paper.git")
    files = {"issues/2020-04-30.md": issue(date(2020, 4, 30), "https://site.test/a"), "README.md": b"paper\n"}
    person_commits(repository, files, tmp_path / "workplace")

    outcome = await import_issues(config, str(repository))

    assert (outcome.issues, outcome.stories) == (1, 1)


async def test_what_could_not_be_read_is_named_with_its_line(config: Config, folder: Path) -> None:
    path = folder / "issues" / "2020-05-14.md"
    broken = path.read_bytes().replace(b"https://site.test/c", b"")
    path.write_bytes(broken)
    line = next(n for n, text in enumerate(broken.decode().splitlines(), 1) if "Story 1" in text)

    outcome = await import_issues(config, str(folder))

    [complaint] = outcome.complaints
    assert complaint.startswith(f"2020-05-14.md:{line}: ")


async def test_an_issue_without_a_date_is_left_out_aloud(config: Config, folder: Path) -> None:
    undated = issue(date(2020, 6, 1), "https://site.test/d").replace(b"2020-06-01", b"some day")
    (folder / "issues" / "draft.md").write_bytes(undated)

    outcome = await import_issues(config, str(folder))

    assert (outcome.issues, len(outcome.complaints)) == (2, 1)
    assert outcome.complaints[0].startswith("draft.md:1: no date")


async def test_an_empty_place_is_refused(config: Config, tmp_path: Path) -> None:
    (tmp_path / "empty.git").mkdir()
    bare_repository(tmp_path / "begun.git")

    with pytest.raises(
        NothingToImportError, match="Name a Markdown file, a folder of them, or a git repository"
    ):
        await import_issues(config, str(tmp_path / "begun.git"))


async def test_the_archive_is_imported_whole(tmp_path: Path, database_url: str) -> None:
    archive = SHARED / "archive"
    if not archive.is_dir():
        pytest.skip("the newsletter's archive is not on this machine")
    tables = config_of(tmp_path, database_url).model_dump()
    tables["newsletter"]["layout"] = "embedded-ai-report"
    config = Config.model_validate(tables)
    [folder] = {path.parent for path in archive.rglob("20*.md")}

    outcome = await import_issues(config, str(folder))
    again = await import_issues(config, str(folder))

    assert outcome.issues >= 24
    assert outcome.stories + outcome.known > 300
    assert (again.stories, again.known) == (0, outcome.stories + outcome.known)
