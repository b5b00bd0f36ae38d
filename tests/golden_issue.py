"""The issue of our own making that has everything, as its outputs see it."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.issue_shelf import IssueShelf, ShelvedIssue
from renderers.issue_document import IssueDocument
from renderers.issue_view import IssueView, Masthead, view_of
from renderers.layout import load_layout

GOLDEN = Path(__file__).parent / "golden"
MASTHEAD = Masthead(
    "潮汐简报",
    "关注潮汐、灯塔与小机器",
    "zh-CN",
    "https://tide.example/",
    "https://tide.example/embedded-ai-report/2026-03-10.html",
)


def golden_issue() -> IssueView:
    """Return the issue of tests/golden/issue.md."""
    document = IssueDocument.parse((GOLDEN / "issue.md").read_bytes(), load_layout("embedded-ai-report"))
    return view_of(document, MASTHEAD)


def long_issue() -> IssueView:
    """Return an issue that is too long for one article on WeChat: the same stories, again and again."""
    issue = golden_issue()
    return replace(
        issue,
        sections=tuple(replace(section, stories=section.stories * 16) for section in issue.sections),
    )


@dataclass(frozen=True, slots=True)
class OneIssue(IssueShelf):
    """A shelf for pages, with one issue on it; the test plays the press."""

    view: IssueView

    @classmethod
    def of(cls, view: IssueView) -> "OneIssue":
        return cls(press=None, workers=None, view=view)  # type: ignore[arg-type]  # nothing is read here

    async def issues(self) -> tuple[ShelvedIssue, ...]:
        return (self._shelved(),)

    async def open(self, key: str, *, images: bool = False) -> tuple[ShelvedIssue, IssueView]:
        return self._shelved(), self.view

    def _shelved(self) -> ShelvedIssue:
        return ShelvedIssue("1", self.view.date, f"embedded-ai-report/{self.view.date}.md", "draft")
