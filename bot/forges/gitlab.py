"""GitLab: merge requests by the REST API v4."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.forges.forge import Proposal, Pull, PullState, Standing
from bot.forges.forge_answer import pull_of, understood
from bot.forges.line import Line

_DEVELOPER = 30  # the lowest role that may push branches and open merge requests
# "locked" is a merge request that is being merged right now.
_STATES = {
    "opened": PullState.OPEN,
    "locked": PullState.OPEN,
    "merged": PullState.MERGED,
    "closed": PullState.CLOSED,
}


def gitlab_headers(token: str) -> dict[str, str]:
    """Return the headers of each request."""
    return {"PRIVATE-TOKEN": token} if token else {}


@dataclass(frozen=True, slots=True)
class GitLab:
    """A project on GitLab; `project` is its whole path."""

    line: Line
    project: str

    @property
    def _path(self) -> str:
        return f"/projects/{quote(self.project, safe='')}"

    @understood
    async def find(self, head: str, base: str) -> Pull | None:
        """Return the open merge request from one branch into another; GitLab has one at most.

        Others may have forks with a branch of that name: one page of a hundred is looked through.
        """
        query = {"state": "opened", "source_branch": head, "target_branch": base, "per_page": "100"}
        found = (await self.line.ask("GET", f"{self._path}/merge_requests", query=query)).content
        ours = (one for one in found if one["source_project_id"] == one["target_project_id"])  # not a fork's
        return next(map(_pull, ours), None)

    @understood
    async def open(self, proposal: Proposal) -> Pull:
        """Open a merge request."""
        body = {
            "source_branch": proposal.head,
            "target_branch": proposal.base,
            "title": proposal.title,
            "description": proposal.body,
        }
        return _pull((await self.line.ask("POST", f"{self._path}/merge_requests", body=body)).content)

    @understood
    async def edit(self, number: int, *, title: str, body: str) -> Pull:
        """Give a merge request another title and text."""
        path, said = f"{self._path}/merge_requests/{number}", {"title": title, "description": body}
        return _pull((await self.line.ask("PUT", path, body=said)).content)

    @understood
    async def look(self, number: int) -> Pull:
        """Return a merge request as it is now."""
        return _pull((await self.line.ask("GET", f"{self._path}/merge_requests/{number}")).content)

    @understood
    async def standing(self) -> Standing:
        """Return what our account may do: its role in the project or in a group above."""
        found = (await self.line.ask("GET", self._path)).content
        roles = found.get("permissions", {})
        levels = [(roles.get(where) or {}).get("access_level", 0) for where in _ROLES]
        takes = found.get("merge_requests_access_level") != "disabled" and not found.get("archived")
        return Standing(max(levels) >= _DEVELOPER, takes_pull_requests=takes)


_ROLES = ("project_access", "group_access")


def _pull(one: dict[str, Any]) -> Pull:
    return pull_of(one["iid"], one["web_url"], _STATES[one["state"]], one["title"], one.get("description"))
