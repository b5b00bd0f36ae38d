"""What the web room is told of the desk: its palette, its commands, its preview."""

import asyncio

from bot.command import FORMS
from bot.emoji import VOTE_DOWN, VOTE_UP
from bot.hearing import DeskSettings
from bot.pages.page_settings import PageSettings, PaletteEmoji
from bot.pages.preview_view import PreviewView
from bot.press import Press
from bot.repo_trouble import told_to_people
from renderers.issue_html import issue_html


def page_settings(settings: DeskSettings) -> PageSettings:
    """Return how the pages look and speak for this desk."""
    say = settings.wording.say
    sections = tuple(PaletteEmoji(s.emoji, s.name) for s in settings.config.desk.sections)
    votes = (PaletteEmoji(VOTE_UP, say("button_up")), PaletteEmoji(VOTE_DOWN, say("button_down")))
    return PageSettings(
        title=settings.config.desk.name,
        language=settings.config.newsroom.language,
        palette=(*votes, *sections),
        commands=tuple((form.usage, say(f"help_{form.name}")) for form in FORMS),
        public_url=settings.config.web.public_url,
    )


async def preview_view(press: Press) -> PreviewView:
    """Return what the preview page shows; raises DeskError."""
    with told_to_people(press.settings.wording):
        printed = await press.preview()
    markdown = printed.document.render().decode("utf-8", "replace")
    return PreviewView(
        title=printed.path.rsplit("/", 1)[-1],
        path=printed.path,
        html=await asyncio.to_thread(issue_html, markdown),
        markdown=markdown,
        difference=printed.difference,
    )
