"""The feed files that a release keeps in the repository, where the config wants them."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.errors import DeskError
from bot.hearing import DeskSettings
from bot.masthead import masthead_of
from renderers.issue_document import IssueDocument
from renderers.issue_view import view_of
from renderers.outputs.feeds import feed_files
from renderers.outputs.output import CannotRenderError, InvalidOutputError


class UnsoundFeedError(DeskError):
    """A feed that readers' programs would not take."""


def wants_feeds(settings: DeskSettings) -> bool:
    """Tell whether a release keeps feeds; without the site's address there is nothing to lead to."""
    return settings.config.feeds.enabled and bool(settings.config.newsletter.site)


async def feed_changes(
    settings: DeskSettings, issues: Sequence[tuple[str, IssueDocument]]
) -> Mapping[str, bytes]:
    """Return the feed files of these issues, which come with their paths in the repository.

    Raises UnsoundFeedError: what readers' programs would not take is not committed.
    """
    config = settings.config
    views = [
        view_of(document, masthead_of(config, path, layout=document.layout)) for path, document in issues
    ]
    masthead = masthead_of(config, "", layout=issues[0][1].layout)
    try:
        return await asyncio.to_thread(feed_files, views, masthead, folder=config.feeds.folder)
    except (CannotRenderError, InvalidOutputError) as unsound:
        said = settings.wording.say("release_unsound_feed", reason=unsound)
        raise UnsoundFeedError(said, advice="") from unsound
