"""How far each webhook was delivered is kept in a file, which two processes may write."""

from pathlib import Path

import msgspec
import pytest

from service.webhooks.delivery_log import DeliveryLog, DeliveryState

URL = "https://hooks.example/"
FIRST = DeliveryState(generation=3)
SECOND = msgspec.structs.replace(FIRST, events=2)


def test_a_state_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "index.db.webhooks"

    assert DeliveryLog(file).replace(URL, None, FIRST)
    assert DeliveryLog(file).state(URL) == FIRST
    assert DeliveryLog(file).state("https://other.example/") is None


def test_a_change_of_another_process_is_seen_and_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "index.db.webhooks"
    one, other = DeliveryLog(file), DeliveryLog(file)
    one.replace(URL, None, FIRST)
    replayed = msgspec.structs.replace(FIRST, generation=1, replays=1)

    assert other.replace(URL, FIRST, replayed)
    assert not one.replace(URL, FIRST, SECOND)
    assert one.state(URL) == replayed


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"https://hooks.example/": 5}', b"\xff"])
def test_an_invalid_file_is_replaced(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "index.db.webhooks"
    file.write_bytes(content)
    delivery_log = DeliveryLog(file)

    assert delivery_log.state(URL) is None
    assert caplog.text.count("cannot be read") == 1
    assert delivery_log.replace(URL, None, FIRST)
    assert DeliveryLog(file).state(URL) == FIRST


def test_an_unwritable_file_is_reported_once_and_the_state_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    delivery_log = DeliveryLog(tmp_path / "nowhere" / "index.db.webhooks")

    assert delivery_log.replace(URL, None, FIRST)
    assert delivery_log.replace(URL, FIRST, SECOND)
    assert delivery_log.state(URL) == SECOND
    assert caplog.text.count("cannot be kept: No such file or directory") == 1
