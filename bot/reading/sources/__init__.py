"""One file per site whose pages need a rule of their own."""

from bot.reading.sources import arxiv_address, github_address


def page_to_read(url: str) -> str:
    """Return the address to fetch for a link: of the same article, the page that is best to read.

    A link to a paper's PDF is read at its abstract page, one to a raw README at the repository's front page.
    The story keeps its own link.
    """
    return github_address.page_to_read(arxiv_address.page_to_read(url))
