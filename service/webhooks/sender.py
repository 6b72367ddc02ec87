"""One signed request to the receiver of a webhook, and what its response means."""

import asyncio
import contextlib

import httpx
import msgspec

from service import __version__
from service.index import now
from service.retries import retry_after
from service.settings.webhooks import Webhook
from service.webhooks.addresses import PrivateAddress, resolve
from service.webhooks.outcomes import Outcome
from service.webhooks.signing import signed_headers

ANSWER_SECONDS = 20.0
CONNECT_SECONDS = 10.0
BODY_SECONDS = 1.0
MOST_RESPONSE_BYTES = 65_536
"""So much of a body is read, in order to use the connection again; a longer one ends the connection."""

DEFAULT_PORTS = {"http": 80, "https": 443}


class Result(msgspec.Struct, frozen=True):
    """How an attempt ended; `problem` describes a failure and is empty otherwise.

    `retry_after_seconds` is the pause that the receiver asks for.
    """

    outcome: Outcome
    problem: str = ""
    retry_after_seconds: float = 0.0


class Sender:
    """Sends events to one receiver, whose connections no other webhook uses."""

    def __init__(self, webhook: Webhook, keys: tuple[bytes, ...]) -> None:
        self._webhook = webhook
        self._keys = keys
        self._client = httpx.AsyncClient(
            headers={"User-Agent": f"broadsheet/{__version__}"},
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            # A proxy would resolve the name itself, and so connect to an address that was not checked.
            trust_env=False,
            verify=httpx.create_ssl_context(),  # with the authorities of SSL_CERT_FILE
        )

    async def send(self, event_id: str, body: bytes) -> Result:
        """Send one event, signed now."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._post(event_id, body)
        except PrivateAddress as error:
            return Result(
                "blocked",
                f"its address {error} is not public; set allow_private_addresses if the receiver is yours",
            )
        except (TimeoutError, httpx.TimeoutException):
            return Result("timeout", "does not respond in time")
        except (OSError, UnicodeError):
            return Result("unreachable", "its name cannot be resolved")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            problem = f"cannot be reached, or its response is invalid ({type(error).__name__})"
            return Result("unreachable", problem)

    async def close(self) -> None:
        await self._client.aclose()

    async def _post(self, event_id: str, body: bytes) -> Result:
        """Send to the addresses that were checked, one after the other: the name is not resolved again."""
        url = httpx.URL(self._webhook.url)
        host = url.raw_host.decode()
        port = url.port or DEFAULT_PORTS[url.scheme]
        addresses = await resolve(host, port, allow_private=self._webhook.allow_private_addresses)
        headers = {
            "Host": url.netloc.decode(),
            "Content-Type": "application/json",
            **signed_headers(self._keys, event_id, int(now().timestamp()), body),
        }
        requests = [
            self._client.build_request(
                "POST",
                url.copy_with(host=address),
                headers=headers,
                content=body,
                extensions={"sni_hostname": host},  # also the name that the certificate must have
            )
            for address in addresses
        ]
        for request in requests[:-1]:
            with contextlib.suppress(httpx.ConnectError, httpx.ConnectTimeout):  # there are further addresses
                return await self._read_response(request)
        return await self._read_response(requests[-1])

    async def _read_response(self, request: httpx.Request) -> Result:
        """Send `request` and read the head of the response, which decides; redirects are not followed."""
        response = await self._client.send(request, stream=True, follow_redirects=False)
        # A connection is used again only if the body was read, which no result depends on.
        with contextlib.suppress(TimeoutError, httpx.HTTPError):
            async with contextlib.aclosing(response), asyncio.timeout(BODY_SECONDS):
                length = 0
                async for chunk in response.aiter_raw():
                    length += len(chunk)
                    if length > MOST_RESPONSE_BYTES:
                        break
        return read_result(response)


def read_result(response: httpx.Response) -> Result:
    """What a response means (Standard Webhooks 1.0, "Delivery success and failure")."""
    status = response.status_code
    if response.is_success:
        return Result("sent")
    problem = f"responds with status {status}"
    if status == 410:
        return Result("gone", problem)
    if response.is_redirect:
        problem += "; redirects are not followed: set url to the new address"
    outcome: Outcome = "refused" if 400 <= status < 500 else "failed"
    return Result(outcome, problem, retry_after(response))
