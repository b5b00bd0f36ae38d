"""Repositories of made-up newsletters, each set in another way that newsletters have."""

from collections.abc import Callable, Mapping

DATES = ["2031-01-06", "2031-01-13", "2031-01-20", "2031-01-27", "2031-02-03"]
WORDS = ["quiet compilers", "a small runtime", "faster kernels", "odd numbers", "the long tail"]


def _stories(number: int, count: int) -> list[tuple[str, str, str]]:
    """Return title, address and summary of stories that no other issue has."""
    return [
        (
            f"Notes on {word}, part {number}",
            f"https://site{place}.test/{number}/{word.replace(' ', '-')}",
            f"What {word} mean in practice: {number} lessons.",
        )
        for place, word in enumerate(WORDS[:count], 1)
    ]


def plain_english() -> dict[str, str]:
    """Headings with links, a source in italics, paragraphs; a list of issues on the front page."""
    files = {}
    for number, date in enumerate(DATES, 1):
        blocks = [f"# The Weekly Probe, {date}", "> A short word before we begin."]
        for heading, stories in (
            ("News", _stories(number, 2)),
            ("Code", _stories(number + 10, 3)),
            *((("Elsewhere", _stories(number + 20, 1)),) if number == 2 else ()),
        ):
            blocks.append(f"## {heading}")
            for title, url, summary in stories:
                blocks += [f"### [{title}]({url})", "*Some Gazette*", summary, "And a second paragraph."]
        files[f"letters/{date}.md"] = "\n\n".join(blocks) + "\n"
    listed = "".join(f"- [{date}](letters/{date}.md)\n" for date in reversed(DATES))
    return {**files, "README.md": f"# The Weekly Probe\n\n{listed}"}


def hugo_posts() -> dict[str, str]:
    """Hugo's pages in bundles, title and date in front matter, links with the summary below."""
    files = {}
    for number, date in enumerate(DATES, 1):
        front = [
            f'title: "Kernel Letter {date}"',
            f"date: {date}T08:00:00Z",
            "draft: false",
            'tags: ["weekly"]',
        ]
        blocks = ["---", *front, "---", ""]
        for heading, count in (("Releases", 2), ("Reading", 2)):
            blocks += [f"## {heading}", ""]
            for title, url, summary in _stories(number if heading == "Reading" else number + 10, count):
                blocks += [f"- [{title}]({url})", f"  {summary}"]
            blocks.append("")
        files[f"content/posts/{date}/index.md"] = "\n".join(blocks)
    return files


def jekyll_posts() -> dict[str, str]:
    """Jekyll's posts, whose names end in words and whose titles count; bullets with summaries beside."""
    files = {}
    for number, date in enumerate(DATES, 40):
        front = ["layout: post", f'title: "Compiler Weekly #{number}"', f"date: {date}", "published: true"]
        blocks = ["---", *front, "---", "", "Brought to you by {% include sponsor.html %}.", ""]
        for heading in ("Articles", "Tools"):
            blocks += [f"## {heading}", ""]
            offset = 0 if heading == "Tools" else 100
            for title, url, summary in _stories(number + offset, 3):
                blocks.append(f"- [{title}]({url}): {summary}")
            blocks.append("")
        files[f"_posts/{date}-compiler-weekly-{number}.md"] = "\n".join(blocks)
    return files


def awesome_weekly() -> dict[str, str]:
    """A list as in awesome lists: stars, a dash, a description."""
    files = {}
    for number, date in enumerate(DATES, 1):
        blocks = [f"# Awesome Things ({date})", ""]
        for heading, count in (("Libraries", 3), ("Articles", 2), ("Videos", 1)):
            blocks += [f"## {heading}", ""]
            for title, url, summary in _stories(number + 7 * count, count):
                blocks.append(f"* [{title}]({url}) - {summary}")
            blocks.append("")
        files[f"archive/{date}.md"] = "\n".join(blocks)
    return {**files, "README.md": "# Awesome things\n\n* [A thing](https://thing.test) - It is a thing.\n"}


def this_week() -> dict[str, str]:
    """Pelican's block on top, sections a level down, links without any summary."""
    files = {}
    for number, date in enumerate(DATES, 300):
        blocks = [f"Title: This Week in Ferrous {number}", f"Number: {number}", f"Date: {date}", ""]
        blocks += ["Hello and welcome to another issue.", "", "## Updates from the Community", ""]
        for heading in ("Official", "Newsletters", "Observations"):
            blocks += [f"### {heading}", ""]
            stories = _stories(number + 1000 * len(heading), 3)
            blocks += [f"* [{title}]({url})" for title, url, _ in stories]
            blocks.append("")
        blocks += ["## Calls", "", f"* [Help with {number}](https://calls.test/{number})", ""]
        files[f"content/{date}-this-week-in-ferrous.md"] = "\n".join(blocks)
    return files


SHAPES: Mapping[str, Callable[[], dict[str, str]]] = {
    "plain-english": plain_english,
    "hugo-posts": hugo_posts,
    "jekyll-posts": jekyll_posts,
    "awesome-weekly": awesome_weekly,
    "this-week": this_week,
}


def as_bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    """Return a repository's files as they lie on disk."""
    return {path: text.encode() for path, text in files.items()}
