"""Checks of what `serve` sends to other programs: webhooks and the purging of caches."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from service.cli.checks.links import read_lines
from service.errors import Fault
from service.index import sibling_path
from service.outgoing.addresses import is_written_private
from service.settings import SITE_FILE, Settings
from service.settings.purges import Purge, read_tokens
from service.settings.values import InvalidVariables
from service.settings.webhooks import Webhook, read_secrets
from service.webhooks.delivery_state import FILE_NAME, DeliveryStateFile, describe_given_up

Receiver = TypeVar("Receiver", Webhook, Purge)


def check_receivers(settings: Settings) -> tuple[Fault, ...]:
    """A note about each webhook or cache that nothing is sent to, or not all that it should get."""
    lines = read_lines(settings.content, SITE_FILE)
    findings = (
        *_check_state(settings),
        *_check_addresses(settings),
        *_check_variables(read_secrets, settings.webhooks),
        *_check_variables(read_tokens, settings.purges),
    )
    return tuple(
        Fault(SITE_FILE, next((number for number, line in enumerate(lines, 1) if named in line), 1), message)
        for named, message in findings
    )


def _check_state(settings: Settings) -> Iterator[tuple[str, str]]:
    """The problem of each webhook, by its state: the text that names it in the settings, and a message."""
    state_file = DeliveryStateFile(sibling_path(settings.index, FILE_NAME))
    for webhook in settings.webhooks:
        state = state_file.state(webhook.url)
        if state is None or (state.status == "active" and not state.given_up):
            continue
        what = state.status if state.status != "active" else describe_given_up(state.given_up)
        yield webhook.url, f"webhook {webhook.label}: {what}; see `broadsheet webhooks`"


def _check_addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    """The same for addresses that are private as they are written; names are looked up when serving."""
    receivers: tuple[Webhook | Purge, ...] = (*settings.webhooks, *settings.purges)
    for receiver in receivers:
        host = urlsplit(receiver.url).hostname or ""
        if is_written_private(host) and not receiver.allow_private_addresses:
            kind = "webhook" if isinstance(receiver, Webhook) else "purge"
            message = f"nothing is sent to {host}, a private address; set allow_private_addresses = true"
            yield receiver.url, f"{kind} {receiver.label}: {message}"


def _check_variables(
    read: Callable[[Sequence[Receiver]], object], receivers: Sequence[Receiver]
) -> Iterator[tuple[str, str]]:
    """The same for environment variables that `serve` refuses to start without."""
    try:
        read(receivers)
    except InvalidVariables as error:
        for fault in error.faults:
            yield fault.name, f"`serve` does not start: {fault.message}"
