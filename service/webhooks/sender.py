"""One signed request to the receiver of a webhook."""

from service.index import now
from service.outgoing.outcomes import Result
from service.outgoing.request_sender import RequestSender
from service.settings.webhooks import Webhook
from service.webhooks.signing import signed_headers


class Sender:
    """Sends events to the receiver of `webhook`, signed by `keys`."""

    def __init__(self, webhook: Webhook, keys: tuple[bytes, ...]) -> None:
        self._url = webhook.url
        self._keys = keys
        self._requests = RequestSender(allow_private=webhook.allow_private_addresses)

    async def send(self, event_id: str, body: bytes) -> Result:
        """Send one event, signed now."""
        headers = {
            "Content-Type": "application/json",
            **signed_headers(self._keys, event_id, int(now().timestamp()), body),
        }
        return await self._requests.send("POST", self._url, headers, body)

    async def close(self) -> None:
        await self._requests.close()
