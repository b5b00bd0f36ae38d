"""An issue as a draft in the WeChat public account: nothing is published there; an editor looks and sends it.

WeChat shows only pictures that it keeps, so these are uploaded first, one by one, and each is noted at once.
Whatever breaks or is killed, none is uploaded again that is known to be there.
"""

import asyncio
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.wechat_account import WechatAccount, opened_account
from bot.wechat_tables import WechatConfig
from bot.wechat_trouble import WechatError
from bot.wording import Wording
from renderers.issue_view import IssueView, PictureImage, PictureView, StoryView
from renderers.outputs.seen import seen_line
from renderers.outputs.wechat import ARTICLES_LIMIT, Article, article_faults, articles
from renderers.shortening import shorten

DRAFT = "draft"
"""What the draft is called in the journal."""
_SOURCE_URL_BYTES = 1024  # of 阅读原文
_TITLE = 40  # units of a story's title, where a picture of it is left out


class DraftJournal(Protocol):
    """Where it is durably noted what WeChat was given, before and after; raise to stop."""

    async def parts(self) -> Collection[str]:
        """Return what WeChat has, the draft among it if it is there."""
        ...

    async def uploads(self) -> Mapping[str, str]:
        """Return the addresses at which WeChat keeps pictures, by the digests of their bytes."""
        ...

    async def uploaded(self, digest: str, address: str) -> None:
        """Note that WeChat keeps a picture."""
        ...

    async def trying(self, part: str) -> None:
        """Note that the draft is about to be asked for."""
        ...

    async def sent(self, part: str, answer: str) -> None:
        """Note that WeChat has the draft, and its media id."""
        ...

    async def settled(self) -> None:
        """Note that nothing is in doubt."""
        ...


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The titles of the stories whose pictures a draft lacks, one for each picture.

    `refused`: WeChat would not keep it. `missing`: there is no file, or none that can be opened.
    """

    refused: tuple[str, ...]
    missing: tuple[str, ...]


async def send_draft(
    config: WechatConfig,
    issue: IssueView,
    *,
    wording: Wording,
    journal: DraftJournal,
    environ: Mapping[str, str] | None = None,
) -> LeftOut:
    """Put an issue with its images into the account's drafts, one article for each part; tell what it lacks.

    A draft that the journal knows is not made again. Raises UploadStoppedError where another try goes on with
    the pictures, WechatError in the wording's language where there is no draft; its sentence says where
    nobody knows.
    """
    digests = await asyncio.to_thread(_digests, issue)
    if DRAFT not in await journal.parts():
        await asyncio.to_thread(_body, config, issue, {}, wording)  # what is amiss is said before any upload
        async with opened_account(config, wording, environ) as account:
            await _upload(account, issue, digests, journal)
            shown = _shown(digests, await journal.uploads())
            body = await asyncio.to_thread(_body, config, issue, shown, wording)
            await _drafted(account, body, journal)
    return _left_out(issue, _shown(digests, await journal.uploads()))


async def _upload(
    account: WechatAccount, issue: IssueView, digests: Mapping[str, str], journal: DraftJournal
) -> None:
    """Give the account the pictures that it does not keep yet, each content once."""
    kept = await journal.uploads()
    for digest, image in {digests[path]: image for path, image in _images(issue)}.items():
        if digest not in kept and (address := await account.keep_picture(digest[:16], image)):
            await journal.uploaded(digest, address)


async def _drafted(account: WechatAccount, body: bytes, journal: DraftJournal) -> None:
    await journal.trying(DRAFT)
    try:
        media_id = await account.add_draft(body)
    except WechatError:  # its sentence says whether there may be a draft
        await journal.settled()
        raise
    await journal.sent(DRAFT, media_id)


def _images(issue: IssueView) -> Iterator[tuple[str, PictureImage]]:
    for _, picture in _pictures(issue):
        if picture.image is not None:
            yield picture.path, picture.image


def _pictures(issue: IssueView) -> Iterator[tuple[StoryView, PictureView]]:
    return ((story, picture) for story in issue.stories for picture in story.pictures)


def _digests(issue: IssueView) -> Mapping[str, str]:
    """Return what names the content of each picture, by its path in the issue."""
    return {path: hashlib.sha256(image.data).hexdigest() for path, image in _images(issue)}


def _shown(digests: Mapping[str, str], kept: Mapping[str, str]) -> Mapping[str, str]:
    """Return the addresses of pictures by their paths in the issue."""
    return {path: kept[digest] for path, digest in digests.items() if digest in kept}


def _left_out(issue: IssueView, shown: Mapping[str, str]) -> LeftOut:
    lacking = [
        (picture.image is not None, f"“{shorten(seen_line(story.title) or '—', _TITLE)}”")
        for story, picture in _pictures(issue)
        if picture.path not in shown
    ]
    refused = tuple(title for is_there, title in lacking if is_there)
    return LeftOut(refused, tuple(title for is_there, title in lacking if not is_there))


def _body(config: WechatConfig, issue: IssueView, pictures: Mapping[str, str], wording: Wording) -> bytes:
    """Return the body of draft/add; raise WechatError where WeChat would refuse it."""
    if not config.thumb_media_id:
        raise WechatError(wording.say("wechat_no_cover"))
    parts = articles(issue, pictures)
    if len(parts) > ARTICLES_LIMIT:
        raise WechatError(wording.say("wechat_too_many"))
    if found := [fault for part in parts for fault in article_faults(part, author=config.author)]:
        raise WechatError(wording.say("wechat_not_valid", fault=found[0].message))
    spelled = [_spelled(config, part, issue.masthead.address) for part in parts]
    return json.dumps({"articles": spelled}, ensure_ascii=False).encode("utf-8")  # \uXXXX is shown as is


def _spelled(config: WechatConfig, part: Article, source_url: str) -> dict[str, Any]:
    spelled = {
        "title": part.title,
        "author": config.author,
        "digest": part.digest,
        "content": part.content,
        "content_source_url": source_url if len(source_url.encode()) <= _SOURCE_URL_BYTES else "",
        "thumb_media_id": config.thumb_media_id,
    }
    return {name: value for name, value in spelled.items() if value}
