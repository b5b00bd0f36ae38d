"""What an issue does not say of itself, from config and layout: the newsletter's name and addresses."""

from bot.config import Config
from renderers.issue_view import Masthead
from renderers.layout import Layout, load_layout


def masthead_of(config: Config, path: str, *, layout: Layout | None = None) -> Masthead:
    """Return the masthead of the issue whose file has this path in the repository.

    The name is `newsletter.title`, else what the layout's title says beside the date. The address of the
    issue is the site's with the page that the layout's `page` makes of the path; empty without a site.
    """
    newsletter = config.newsletter
    layout = layout or load_layout(newsletter.layout)
    home = f"{newsletter.site.rstrip('/')}/" if newsletter.site else ""
    return Masthead(
        name=newsletter.title or name_in(layout) or config.desk.name,
        tagline=newsletter.tagline,
        language=layout.language,
        home=home,
        address=f"{home}{layout.page_address(path)}" if home and path else "",
    )


def name_in(layout: Layout) -> str:
    """Return the newsletter's name as the layout's title has it: without mark, date and what joins them."""
    before, _, behind = layout.title.partition("{date}")
    name = before.lstrip("# ").rstrip(" (（[【:：-—·|") or behind.strip(" )）]】:：-—·|")
    return name.removesuffix(" of").strip()
