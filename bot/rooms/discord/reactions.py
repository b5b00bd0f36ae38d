"""Reactions come as changes; the desk wants states: which emojis of one person stand on a message now."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from bot.ballot import in_order_chosen
from bot.events import ReactionsOf
from bot.rooms.discord.events import Cleared, Reacted, Standing
from bot.rooms.intake import Incoming
from storage.database import Session
from storage.message_events import reactions_stored

States = dict[str, tuple[str, ...]]
"""Person → emojis in the order chosen, on one message."""
_MOST_MESSAGES = 500


class ReactionBook:
    """What was last stored of the reactions on messages; what is not at hand is asked of the inbox."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, str], States] = OrderedDict()

    async def page(self, session: Session, room: str, message_id: str) -> States:
        """Return a copy of the states on a message."""
        known = self._pages.get((room, message_id))
        return dict(await reactions_stored(session, room, message_id) if known is None else known)

    def keep(self, pages: Mapping[tuple[str, str], States]) -> None:
        """Remember states, once they are stored."""
        for key, states in pages.items():
            self._pages[key] = states
            self._pages.move_to_end(key)
        while len(self._pages) > _MOST_MESSAGES:
            self._pages.popitem(last=False)


def take_note(states: States, notice: Reacted | Cleared | Standing, palette: Sequence[str]) -> list[Incoming]:
    """Change the states by a notice; return what changed, nothing where all stands already."""
    before = dict(states)
    if isinstance(notice, Standing):
        _replace(states, notice, palette)
    else:
        _change(states, notice, palette)
    names = notice.names if isinstance(notice, Standing) else {}
    name = notice.name if isinstance(notice, Reacted) else ""
    return [
        Incoming(
            notice.room,
            f"reactions:{notice.message_id}:{person.rpartition(':')[2]}:{notice.key}",
            ReactionsOf(notice.message_id, person, now, notice.at, names.get(person, name)),
        )
        for person, now in states.items()
        if now != before.get(person, ())
    ]


def _change(states: States, notice: Reacted | Cleared, palette: Sequence[str]) -> None:
    if isinstance(notice, Cleared):
        for person, emojis in states.items():
            gone = notice.emoji is None
            states[person] = tuple(e for e in emojis if not gone and e != notice.emoji)
    elif notice.emoji in palette:
        others = tuple(e for e in states.get(notice.person, ()) if e != notice.emoji)
        is_there = notice.emoji in states.get(notice.person, ())
        if notice.added and not is_there:
            states[notice.person] = (*others, notice.emoji)
        elif is_there and not notice.added:
            states[notice.person] = others


def _replace(states: States, notice: Standing, palette: Sequence[str]) -> None:
    fetched: States = dict(notice.emojis)
    for change in notice.meanwhile:
        _change(fetched, change, palette)
    for person in dict.fromkeys([*states, *fetched]):
        states[person] = in_order_chosen(states.get(person, ()), fetched.get(person, ()))
