"""A forge of our own on a real socket: pull requests as GitHub, GitLab and Gitea have them, of a real one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.newsletter_repo_fixtures import git

PROJECT = "ada/newsletter"
TOKEN = "f0rge-s3cret"
KINDS = ("github", "gitlab", "gitea")
BASE = {"github": "", "gitlab": "/api/v4", "gitea": "/api/v1"}
_CLOSED_OR_OPEN = {"open": "open", "merged": "closed", "closed": "closed"}


@dataclass
class FakePull:
    """A pull request as the forge keeps it."""

    number: int
    head: str
    base: str
    title: str
    body: str
    state: str = "open"
    fork: int = 7  # the repository of its branch; 7 is the project itself


@dataclass
class ForgeServer:
    """The forge; `mischief` are things that go wrong with the next requests, one each."""

    kind: str
    repository: Path
    address: str = ""
    token: str = TOKEN
    read_only: bool = False
    takes_pulls: bool = True
    page: int = 50
    pulls: list[FakePull] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    mischief: list[str] = field(default_factory=list)
    kill_at: str = ""
    kill: Callable[[], None] = lambda: None

    @property
    def api(self) -> str:
        """The address of the API, as the config has it."""
        return self.address + BASE[self.kind]

    def pull(self, number: int) -> FakePull:
        """A pull request by its number."""
        return self.pulls[number - 1]

    def merge(self, number: int, workplace: Path, *, squash: bool = False, delete: bool = False) -> None:
        """Merge as somebody does with the green button."""
        pull = self.pull(number)
        git(self.repository, "clone", "-q", str(self.repository), str(workplace))
        git(workplace, "checkout", "-q", pull.base)
        how = ("--squash",) if squash else ("--no-ff", "-m", f"Merge {number}")
        git(workplace, "merge", "-q", *how, f"origin/{pull.head}")
        if squash:
            git(workplace, "commit", "-q", "-m", f"{pull.title} ({number})")
        git(workplace, "push", "-q", "origin", pull.base)
        if delete:
            git(workplace, "push", "-q", "origin", "--delete", pull.head)
        pull.state = "merged"

    @web.middleware
    async def guard(self, request: web.Request, handler: Callable[..., Any]) -> web.StreamResponse:
        """Ask for the token, and let go wrong what shall."""
        self.asked.append(f"{request.method} {request.path}")
        self.logins.append(request.headers.get("Authorization", ""))
        trouble = self.mischief.pop(0) if self.mischief else ""
        if trouble.isdigit():
            return web.json_response({"message": "not now"}, status=int(trouble))
        if trouble.startswith("limit "):  # and then the status, and headers
            _, status, *pairs = trouble.split(" ")
            limits = dict(pair.split("=") for pair in pairs)
            return web.json_response({"message": "Too often"}, status=int(status), headers=limits)
        if trouble.startswith("http"):
            return web.Response(status=301, headers={"Location": trouble})
        if trouble.startswith("says "):
            _, status, said = trouble.split(" ", 2)
            return web.Response(status=int(status), text=said, content_type="application/json")
        if trouble == "slow":
            await asyncio.sleep(1)
        if trouble == "garbage":
            return web.Response(text="<html>a proxy</html>", content_type="text/html")
        if self._given(request) != self.token:
            return web.json_response({"message": "Bad credentials"}, status=401)
        if self.read_only and request.method != "GET":
            return web.json_response({"message": "Resource not accessible"}, status=403)
        if request.method == "POST" and self.kill_at == "before opening":
            self.kill()
            return web.Response(status=500)
        answer: web.StreamResponse = await handler(request)
        if request.method == "POST" and self.kill_at == "after opening":
            self.kill()
        if trouble == "drop" and request.transport is not None:  # done, but nobody is told
            request.transport.abort()
        return answer

    def _given(self, request: web.Request) -> str:
        if self.kind == "gitlab":
            return request.headers.get("PRIVATE-TOKEN", "")
        scheme = {"github": "Bearer ", "gitea": "token "}[self.kind]
        return request.headers.get("Authorization", "").removeprefix(scheme)

    async def project(self, request: web.Request) -> web.Response:
        """Say what the account may do."""
        return web.json_response(
            {
                "permissions": {"push": not self.read_only}
                if self.kind != "gitlab"
                else {"project_access": {"access_level": 20 if self.read_only else 30}, "group_access": None},
                "archived": not self.takes_pulls,
            }
        )

    async def listed(self, request: web.Request) -> web.Response:
        """List pull requests, as each forge is asked."""
        found = [pull for pull in self.pulls if pull.state == "open"]
        if self.kind == "github":
            owner, _, head = request.query["head"].partition(":")
            assert (owner, request.query["state"]) == (PROJECT.partition("/")[0], "open")
            found = [pull for pull in found if (pull.head, pull.base) == (head, request.query["base"])]
        elif self.kind == "gitlab":
            wanted = (request.query["source_branch"], request.query["target_branch"])
            assert request.query["state"] == "opened"
            found = [pull for pull in found if (pull.head, pull.base) == wanted]
            found = found[: int(request.query.get("per_page", "20"))]
        else:
            first = (int(request.query["page"]) - 1) * self.page
            found = found[first : first + min(self.page, int(request.query["limit"]))]
        return web.json_response([self._shown(pull) for pull in found])

    async def opened(self, request: web.Request) -> web.Response:
        """Open a pull request, if its branch is there, holds something, and has none."""
        said = await request.json()
        names = ("source_branch", "target_branch", "description")
        head, base, body = (said[n] for n in (names if self.kind == "gitlab" else ("head", "base", "body")))
        if (refusal := self._refusal(head, base)) is not None:
            return refusal
        self.pulls.append(FakePull(len(self.pulls) + 1, head, base, said["title"], body))
        return web.json_response(self._shown(self.pulls[-1]), status=201)

    def _refusal(self, head: str, base: str) -> web.Response | None:
        heads = git(self.repository, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()
        if head not in heads or base not in heads:
            if self.kind == "github":
                errors = [{"resource": "PullRequest", "field": "head", "code": "invalid"}]
                return web.json_response({"message": "Validation Failed", "errors": errors}, status=422)
            return web.json_response({"message": ["Source branch does not exist"]}, status=404)
        if git(self.repository, "rev-list", "--count", f"{base}..{head}") == "0":
            message = f"No commits between {base} and {head}"
            return web.json_response(
                {"message": "Validation Failed", "errors": [{"message": message}]}, status=422
            )
        if any(p.state == "open" and (p.head, p.base, p.fork) == (head, base, 7) for p in self.pulls):
            refusals: dict[str, dict[str, Any]] = {
                "github": {
                    "message": "Validation Failed",
                    "errors": [
                        {"code": "custom", "message": f"A pull request already exists for ada:{head}."}
                    ],
                },
                "gitlab": {
                    "message": ["Another open merge request already exists for this source branch: !1"]
                },
                "gitea": {"message": "pull request already exists for these targets [id: 1]"},
            }
            said = refusals[self.kind]
            return web.json_response(said, status=422 if self.kind == "github" else 409)
        return None

    async def edited(self, request: web.Request) -> web.Response:
        """Give a pull request another title or text."""
        pull, said = self._asked_for(request), await request.json()
        pull.title = said["title"]
        pull.body = said["description" if self.kind == "gitlab" else "body"]
        return web.json_response(self._shown(pull))

    async def shown(self, request: web.Request) -> web.Response:
        """Show one pull request."""
        return web.json_response(self._shown(self._asked_for(request)))

    def _asked_for(self, request: web.Request) -> FakePull:
        number = int(request.match_info["number"])
        if number > len(self.pulls):
            raise web.HTTPNotFound(text='{"message": "Not Found"}', content_type="application/json")
        return self.pull(number)

    def _shown(self, pull: FakePull) -> dict[str, Any]:
        url = f"https://forge.test/{PROJECT}/pulls/{pull.number}"
        if self.kind == "gitlab":
            state = "opened" if pull.state == "open" else pull.state
            projects = {"source_project_id": pull.fork, "target_project_id": 7}
            shown: dict[str, Any] = {
                "iid": pull.number,
                "web_url": url,
                "state": state,
                "description": pull.body,
            }
            return {**shown, **projects, "title": pull.title, "id": 900 + pull.number}
        merged = {"merged_at": "2020-05-15T00:00:00Z" if pull.state == "merged" else None}
        if self.kind == "gitea":
            merged |= {"merged": pull.state == "merged"}  # type: ignore[dict-item]
        head = {"ref": pull.head, "repo_id": pull.fork, "repo": {"id": pull.fork} if pull.fork else None}
        ends = {"head": head, "base": {"ref": pull.base, "repo_id": 7, "repo": {"id": 7}}}
        state = _CLOSED_OR_OPEN[pull.state]
        shown = {"number": pull.number, "html_url": url, "state": state, "title": pull.title}
        return {**shown, **merged, **ends, "body": pull.body, "id": 900 + pull.number}


@asynccontextmanager
async def forge_server(kind: str, repository: Path) -> AsyncIterator[ForgeServer]:
    """Serve a forge on a free port of this machine; its one project is the repository."""
    forge = ForgeServer(kind, repository)
    app = web.Application(middlewares=[forge.guard])
    if kind == "gitlab":
        project, pulls = "/api/v4/projects/ada%2Fnewsletter", "/merge_requests"
    else:
        project, pulls = f"{BASE[kind]}/repos/{PROJECT}", "/pulls"
    app.router.add_get(project, forge.project)
    app.router.add_get(project + pulls, forge.listed)
    app.router.add_post(project + pulls, forge.opened)
    app.router.add_get(f"{project}{pulls}/{{number}}", forge.shown)
    app.router.add_route("PUT" if kind == "gitlab" else "PATCH", f"{project}{pulls}/{{number}}", forge.edited)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    forge.address = f"http://{host}:{port}"
    try:
        yield forge
    finally:
        await runner.cleanup()
