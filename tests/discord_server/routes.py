"""Which path is answered by what."""

from aiohttp import web

from tests.discord_server import account_routes as account
from tests.discord_server import interaction_routes as interactions
from tests.discord_server import message_routes as messages
from tests.discord_server import reaction_routes as reactions
from tests.discord_server.rest import PREFIX

MESSAGE = "/channels/{channel}/messages/{message}"
EMOJI = MESSAGE + "/reactions/{emoji}"
ANSWER = "/webhooks/{application}/{token}"
COMMANDS = ("/applications/{application}/commands", "/applications/{application}/guilds/{guild}/commands")


def add_routes(app: web.Application) -> None:
    """Register every path of the API that is served."""
    add = app.router.add_route
    for method, path, handler in (
        ("GET", "/users/@me", account.me),
        ("GET", "/users/@me/guilds", account.my_guilds),
        ("GET", "/users/{user}", account.user),
        ("GET", "/oauth2/applications/@me", account.application),
        ("GET", "/applications/@me", account.application),
        ("GET", "/gateway/bot", account.gateway_bot),
        ("GET", "/guilds/{guild}", account.guild),
        ("GET", "/guilds/{guild}/channels", account.guild_channels),
        ("GET", "/guilds/{guild}/threads/active", account.active_threads),
        ("GET", "/guilds/{guild}/roles", account.roles),
        ("GET", "/guilds/{guild}/members/{user}", account.member),
        ("GET", "/channels/{channel}", account.channel),
        ("GET", "/channels/{channel}/messages", messages.read_history),
        ("POST", "/channels/{channel}/messages", messages.write),
        ("GET", MESSAGE, messages.read_one),
        ("PATCH", MESSAGE, messages.edit),
        ("DELETE", MESSAGE, messages.delete),
        ("POST", "/channels/{channel}/messages/bulk-delete", messages.delete_many),
        ("POST", "/channels/{channel}/typing", messages.take_note),
        ("PUT", "/channels/{channel}/thread-members/@me", messages.take_note),
        ("POST", "/channels/{channel}/threads", messages.start_thread),
        ("GET", "/channels/{channel}/threads/archived/public", account.archived_threads),
        ("POST", MESSAGE + "/threads", messages.start_thread),
        ("PUT", EMOJI + "/@me", reactions.add),
        ("DELETE", EMOJI + "/@me", reactions.remove),
        ("DELETE", EMOJI + "/{user}", reactions.remove),
        ("GET", EMOJI, reactions.users),
        ("DELETE", EMOJI, reactions.remove_all),
        ("DELETE", MESSAGE + "/reactions", reactions.remove_all),
        ("POST", "/interactions/{interaction}/{token}/callback", interactions.answer),
        ("POST", ANSWER, interactions.follow_up),
        ("GET", ANSWER + "/messages/{message}", interactions.read),
        ("PATCH", ANSWER + "/messages/{message}", interactions.edit),
        ("DELETE", ANSWER + "/messages/{message}", interactions.delete),
        *[("GET", path, account.read_commands) for path in COMMANDS],
        *[("PUT", path, account.replace_commands) for path in COMMANDS],
    ):
        add(method, PREFIX + path, handler)
    app.router.add_get("/attachments/{attachment}/{name}", messages.download)
