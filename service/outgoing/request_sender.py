"""Sends one request to a checked address of its host, and says what the response means."""

import asyncio
import contextlib
import ssl
from collections.abc import Mapping

import httpx

from service import __version__
from service.outgoing.addresses import PrivateAddress, resolve
from service.outgoing.outcomes import Outcome, Result
from service.retries import retry_after

ANSWER_SECONDS = 20.0
CONNECT_SECONDS = 10.0
BODY_SECONDS = 1.0
MOST_RESPONSE_BYTES = 65_536
"""The bytes of a body that are read to use the connection again; a longer body ends the connection."""

DEFAULT_PORTS = {"http": 80, "https": 443}


class RequestSender:
    """Sends requests to one receiver, whose connections no other receiver uses.

    Unless it may `allow_private` addresses, it connects to public ones only.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._client = httpx.AsyncClient(
            headers={"User-Agent": f"broadsheet/{__version__}"},
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            # A proxy would resolve the name itself, and so connect to an address that was not checked.
            trust_env=False,
            verify=httpx.create_ssl_context(),  # with the authorities of SSL_CERT_FILE
        )

    async def send(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Result:
        """Send one request to `address`; redirects are not followed."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._send(method, httpx.URL(address), headers, body)
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
            return Result("unreachable", describe_failure(error))

    async def close(self) -> None:
        await self._client.aclose()

    async def _send(self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes) -> Result:
        """Send to the addresses that were checked, one after the other: the name is not resolved again."""
        host = url.raw_host.decode()
        port = url.port or DEFAULT_PORTS[url.scheme]
        addresses = await resolve(host, port, allow_private=self._allow_private)
        requests = [
            self._client.build_request(
                method,
                url.copy_with(host=address),
                headers={"Host": url.netloc.decode(), **headers},
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


def describe_failure(error: Exception) -> str:
    """Why no valid response came; of TLS with the reason, such as a certificate that has expired."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return f"cannot be reached, or its response is invalid ({type(error).__name__})"
    reason = getattr(cause, "verify_message", "") or cause.reason or type(cause).__name__
    return f"cannot be reached by TLS ({reason})"


def read_result(response: httpx.Response) -> Result:
    """The meaning of the status of a response (Standard Webhooks 1.0, "Delivery success and failure")."""
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
