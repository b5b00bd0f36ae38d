"""The Bot API's methods about how updates reach the bot."""

import re

from tests.telegram_server.parameters import Parameters
from tests.telegram_server.refusal import bad_request
from tests.telegram_server.world import Json, Method, World


def set_webhook(world: World, parameters: Parameters) -> bool:
    """Bring updates to an address. As a Bot API server of one's own does, take http too."""
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if url and not re.match(r"https?://[^\s/]+", url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if parameters.get("drop_pending_updates"):
        world.feed.waiting.clear()
    world.feed.allow(parameters.get("allowed_updates"))
    world.feed.webhook_url = url
    world.webhook.secret = secret
    world.webhook.max_connections = parameters.number("max_connections", 40)
    world.webhook.last_error = ""
    world.feed.wake()
    return True


def delete_webhook(world: World, parameters: Parameters) -> bool:
    if parameters.get("drop_pending_updates"):
        world.feed.waiting.clear()
    world.feed.webhook_url = world.webhook.secret = world.webhook.last_error = ""
    world.feed.wake()
    return True


def get_webhook_info(world: World, _: Parameters) -> Json:
    about: Json = {
        "url": world.feed.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.feed.waiting),
    }
    if world.feed.webhook_url:
        about["max_connections"] = world.webhook.max_connections
    if world.feed.allowed:
        about["allowed_updates"] = list(world.feed.allowed)
    if world.webhook.last_error:
        about |= {
            "last_error_message": world.webhook.last_error,
            "last_error_date": world.webhook.last_error_at,
        }
    return about


DELIVERY_METHODS: dict[str, Method] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
