"""A whole release where the layout names files otherwise than by the bare date: on real git."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from renderers.layout import LAYOUTS
from tests.publishing import PublishingDesk, config_of

WORDS = {"source": "A paper", "summary": "It says a thing."}
STORY = "### [Old news | Other]({url})\n\nSaid before.\n"
ARCHIVE = "\n## Past issues\n\n|  |  |  |  |\n|:---:|:---:|:---:|:---:|\n{row}"


@dataclass(frozen=True, slots=True)
class House:
    """A newsletter whose files are called otherwise: where a draft is begun, what people call it, its end."""

    folder: str
    file: str
    index_link: str
    archive_link: str
    past: str
    begun: str
    named: str
    final: str

    def layout(self, place: Path) -> str:
        """Write the layout's folder: that of Hugo, with other names; return its path."""
        mine = place / "layout"
        mine.mkdir()
        for file in sorted((LAYOUTS / "hugo").iterdir()):
            text = file.read_text(encoding="utf-8")
            text = text.replace('folder = "content/issues"', f'folder = "{self.folder}"')
            text = text.replace('file = "{date}.md"', f'file = "{self.file}"')
            text = text.replace('link = "{date}.md"', f'link = "{self.archive_link}"')
            text = text.replace('link = "content/issues/{date}.md"', f'link = "{self.index_link}"')
            if file.name.startswith("issue"):
                text += "\n## Past issues\n\n|  |  |  |  |\n|:---:|:---:|:---:|:---:|\n"
            (mine / file.name).write_text(text, encoding="utf-8")
        return str(mine)

    def files(self) -> Mapping[str, bytes]:
        """Return a repository with one past issue in its index."""
        day = re.findall(r"\d{4}-\d{2}-\d{2}", self.past)[0]
        target = f"{self.folder}/{self.past}"
        readme = f"# N\n\n|  |  |  |  |\n|:---:|:---:|:---:|:---:|\n|  |  |  | [{day}]({target}) |  \n"
        front = f'---\ntitle: "Newsletter of {day}"\ndate: "{day}"\n---\n\n## News\n\n'
        past = front + STORY.format(url="https://site.test/old") + ARCHIVE.format(row="")
        return {"README.md": readme.encode(), target: past.encode()}


HOUSES = {
    "hugo": House(
        "content/issues",
        "{date}.md",
        "content/issues/{date}.md",
        "{date}.md",
        "2020-04-26.md",
        "2020-05-13.md",
        "2020-05-xx.md",
        "2020-05-15.md",
    ),
    "words behind the date": House(
        "_posts",
        "{date}-letter.md",
        "_posts/{date}-letter.md",
        "{date}-letter.md",
        "2020-04-26-of-april.md",
        "2020-05-13-letter.md",
        "2020-05-13-robots-in-may.md",
        "2020-05-15-robots-in-may.md",
    ),
    "page bundles": House(
        "content/posts",
        "{date}/index.md",
        "content/posts/{date}/index.md",
        "../{date}/index.md",
        "2020-04-26/index.md",
        "2020-05-13/index.md",
        "2020-05-14/index.md",
        "2020-05-15/index.md",
    ),
    "words before the date": House(
        "letters",
        "letter-{date}.md",
        "letters/letter-{date}.md",
        "letter-{date}.md",
        "letter-2020-04-26.md",
        "letter-2020-05-13.md",
        "letter-2020-05-xx.md",
        "letter-2020-05-15.md",
    ),
}


def beside(file: str) -> str:
    """Return how one issue links to the file of another."""
    return f"../{file}" if "/" in file else file


@pytest.fixture(params=sorted(HOUSES))
async def newsroom(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[House, PublishingDesk]]:
    house = HOUSES[request.param]
    config = config_of(tmp_path, language="en", layout=house.layout(tmp_path))
    newsletter = config.newsletter.model_copy(update={"site": "https://news.test/"})
    feeds = config.feeds.model_copy(update={"enabled": True, "folder": "feeds"})
    config = config.model_copy(update={"newsletter": newsletter, "feeds": feeds})
    desk = await PublishingDesk(config).open(dict(house.files()))
    yield house, desk
    await desk.close()


async def tree(desk: PublishingDesk) -> set[str]:
    """Return the paths of all files in the repository."""
    snapshot = await desk.repo.snapshot()
    return set(
        (await snapshot.git.run("ls-tree", "-r", "--name-only", str(snapshot.id))).stdout.decode().split()
    )


async def test_a_draft_is_published_renamed_by_people_and_released_under_its_last_date(
    newsroom: tuple[House, PublishingDesk],
) -> None:
    house, desk = newsroom
    begun, named, final = (f"{house.folder}/{one}" for one in (house.begun, house.named, house.final))
    await desk.pitch("lin", "https://site.test/moon", section="news", title="The moon", **WORDS)
    await desk.say("editor", "/publish 2020-05-13")
    draft = (await desk.file(begun)).decode()
    await desk.edit_by_hand(begun, lambda old: old, rename=named)

    preview = await desk.say("editor", "/release 2020-05-15")
    answer = await desk.press_release_button("editor")

    assert f"[2020-04-26]({beside(house.past)})" in draft
    assert f"{named} becomes {final}" in preview and "lead to no file" not in preview, preview
    assert "Released 2020-05-15" in answer, answer
    there = await tree(desk)
    assert final in there and begun not in there and named not in there
    assert f"[2020-05-15]({final})" in (await desk.file("README.md")).decode()
    issue = (await desk.file(final)).decode()
    assert 'date: "2020-05-15"' in issue and "Newsletter of 2020-05-15" in issue
    assert f"[2020-05-15]({beside(house.final)})" in issue
    atom = (await desk.file("feeds/atom.xml")).decode()
    assert "2020-05-15" in atom and "2020-04-26" in atom and "The moon" in atom
    assert "released already" in await desk.say("editor", "/release 2020-05-15")
    assert "has passed" not in await desk.say("lin", "/status")


async def test_pictures_in_a_drafts_own_folder_move_with_it_and_back_again(tmp_path: Path) -> None:
    house = HOUSES["page bundles"]
    config = config_of(tmp_path, language="en", layout=house.layout(tmp_path))
    picture, below = (f"content/posts/2020-05-13/{name}" for name in ("cover.png", "more/one.png"))
    desk = await PublishingDesk(config).open({**house.files(), picture: b"cover", below: b"one"})
    await desk.pitch("lin", "https://site.test/moon", section="news", title="The moon", **WORDS)
    await desk.say("editor", "/publish 2020-05-13")
    before = await tree(desk)

    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")
    moved = await tree(desk)
    await desk.say("editor", "/unrelease")

    assert not [one for one in moved if "2020-05-13" in one]
    assert {one.replace("05-13", "05-15") for one in (picture, below)} <= moved
    assert await tree(desk) == before and await desk.file(picture) == b"cover"
    await desk.close()


async def test_two_issues_of_one_day_are_refused_whatever_words_stand_behind_it(tmp_path: Path) -> None:
    house = HOUSES["words behind the date"]
    other = "_posts/2020-05-15-something-else.md"
    files = {**house.files(), other: house.files()["_posts/2020-04-26-of-april.md"]}
    desk = await PublishingDesk(config_of(tmp_path, language="en", layout=house.layout(tmp_path))).open(files)
    await desk.pitch("lin", "https://site.test/moon", section="news", title="The moon", **WORDS)
    await desk.say("editor", "/publish 2020-05-13")

    answer = await desk.say("editor", "/release 2020-05-15")

    assert f"{other} is there already" in answer
    await desk.close()
