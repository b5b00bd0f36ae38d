"""Gitea and Forgejo: the REST API v1."""

from dataclasses import dataclass
from typing import Any

from bot.forges.forge import Proposal, Pull, PullState, Standing
from bot.forges.forge_answer import pull_of, understood
from bot.forges.line import Line

_PAGE = 50  # what a server gives at most, unless its settings say otherwise
_MOST_PAGES = 20


def gitea_headers(token: str) -> dict[str, str]:
    """Return the headers of each request."""
    return {"Authorization": f"token {token}"} if token else {}


@dataclass(frozen=True, slots=True)
class Gitea:
    """A repository on Gitea or Forgejo; `project` is owner/name."""

    line: Line
    project: str

    @understood
    async def find(self, head: str, base: str) -> Pull | None:
        """Return the open pull request from one branch into another.

        Older servers cannot be asked for a branch, so all that are open are looked through.
        """
        for page in range(1, _MOST_PAGES + 1):
            query = {"state": "open", "page": str(page), "limit": str(_PAGE)}
            found = (await self.line.ask("GET", f"/repos/{self.project}/pulls", query=query)).content
            for one in found:
                ours = one["head"].get("repo_id") == one["base"].get("repo_id")  # not a fork's
                if ours and one["head"]["ref"] == head and one["base"]["ref"] == base:
                    return _pull(one)
            if not found:
                return None
        return None

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
        takes = bool(found.get("has_pull_requests", True)) and not found.get("archived")
        return Standing(bool(found.get("permissions", {}).get("push")), takes_pull_requests=takes)


def _pull(one: dict[str, Any]) -> Pull:
    state = PullState.MERGED if one.get("merged") else PullState(one["state"])
    return pull_of(one["number"], one["html_url"], state, one["title"], one.get("body"))
