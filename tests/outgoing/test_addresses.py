"""Requests go to public addresses only, unless they may do otherwise."""

import asyncio

import pytest

from service.outgoing.addresses import PrivateAddress, is_public, resolve


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
        *("::", "::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "no address"),
        # Outside of what is assigned: IPv4-compatible, -translated, site-local, NAT64 of RFC 8215.
        *(
            "::7f00:1",
            "::a00:1",
            "::ffff:0:7f00:1",
            "fec0::1",
            "64:ff9b:1::7f00:1",
            "5f00::1",
            "4000::1",
            "3fff::1",
        ),
    ],
)
def test_a_private_address(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "::1"])
def test_every_spelling_of_a_private_host_is_refused(host: str) -> None:
    with pytest.raises(PrivateAddress):
        asyncio.run(resolve(host, 443, allow_private=False))

    assert asyncio.run(resolve(host, 443, allow_private=True))


def test_one_private_address_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    async def names(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.7")]

    async def run() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names)
        await resolve("rebinding.example", 443, allow_private=False)

    with pytest.raises(PrivateAddress, match=r"^10\.0\.0\.7$"):
        asyncio.run(run())
