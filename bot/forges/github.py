"""GitHub and GitHub Enterprise: the REST API of version 2022-11-28."""

from dataclasses import dataclass
from typing import Any

from bot.forges.forge import Proposal, Pull, PullState, Standing
from bot.forges.forge_answer import pull_of, understood
from bot.forges.line import Line


def github_headers(token: str) -> dict[str, str]:
    """Return the headers of each request."""
    said = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return said | ({"Authorization": f"Bearer {token}"} if token else {})


@dataclass(frozen=True, slots=True)
class GitHub:
    """A repository on GitHub; `project` is owner/name."""

    line: Line
    project: str

    @understood
    async def find(self, head: str, base: str) -> Pull | None:
        """Return the open pull request from one branch into another; GitHub has one at most."""
        owner = self.project.partition("/")[0]
        query = {"state": "open", "head": f"{owner}:{head}", "base": base}
        found = (await self.line.ask("GET", f"/repos/{self.project}/pulls", query=query)).content
        # An unknown owner in `head` lets GitHub show all pull requests, and an owner may have a fork as well.
        ours = (one for one in found if one["head"]["ref"] == head and not _is_forks(one))
        return next(map(_pull, ours), None)

    @understood
    async def open(self, proposal: Proposal) -> Pull:
        """Open a pull request."""
        body = {
            "head": proposal.head,
            "base": proposal.base,
            "title": proposal.title,
            "body": proposal.body,
        }
        return _pull((await self.line.ask("POST", f"/repos/{self.project}/pulls", body=body)).content)

    @understood
    async def edit(self, number: int, *, title: str, body: str) -> Pull:
        """Give a pull request another title and text."""
        path, said = f"/repos/{self.project}/pulls/{number}", {"title": title, "body": body}
        return _pull((await self.line.ask("PATCH", path, body=said)).content)

    @understood
    async def look(self, number: int) -> Pull:
        """Return a pull request as it is now."""
        return _pull((await self.line.ask("GET", f"/repos/{self.project}/pulls/{number}")).content)

    @understood
    async def standing(self) -> Standing:
        """Return what our account may do."""
        found = (await self.line.ask("GET", f"/repos/{self.project}")).content
        may_push = bool(found.get("permissions", {}).get("push"))
        return Standing(may_push, takes_pull_requests=not found.get("archived"))


def _is_forks(one: dict[str, Any]) -> bool:
    """Tell whether the branch is another repository's; of one that is gone, GitHub says null."""
    return bool((one["head"]["repo"] or {}).get("id") != one["base"]["repo"]["id"])


def _pull(one: dict[str, Any]) -> Pull:
    merged = bool(one.get("merged") or one.get("merged_at"))
    state = PullState.MERGED if merged else PullState(one["state"])
    return pull_of(one["number"], one["html_url"], state, one["title"], one.get("body"))
