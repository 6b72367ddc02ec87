"""How far each webhook was delivered is kept in a file, which two processes may write."""

from pathlib import Path

import msgspec
import pytest

from service.webhooks.delivery_state import DeliveryState, DeliveryStateFile

URL = "https://hooks.example/"
FIRST = DeliveryState(generation=3)
SECOND = msgspec.structs.replace(FIRST, events=2)


def test_a_state_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "index.db.webhooks"

    assert DeliveryStateFile(file).replace(URL, None, FIRST)
    assert DeliveryStateFile(file).state(URL) == FIRST
    assert DeliveryStateFile(file).state("https://other.example/") is None


def test_a_change_of_another_process_is_seen_and_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "index.db.webhooks"
    one, other = DeliveryStateFile(file), DeliveryStateFile(file)
    one.replace(URL, None, FIRST)
    replayed = msgspec.structs.replace(FIRST, generation=1, replays=1)

    assert other.replace(URL, FIRST, replayed)
    assert not one.replace(URL, FIRST, SECOND)
    assert one.state(URL) == replayed


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"https://hooks.example/": 5}', b"\xff", b'{"\xff": {}}'])
def test_an_invalid_file_is_replaced(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "index.db.webhooks"
    file.write_bytes(content)
    state_file = DeliveryStateFile(file)

    assert state_file.state(URL) is None
    assert caplog.text.count("cannot be read") == 1
    assert state_file.replace(URL, None, FIRST)
    assert DeliveryStateFile(file).state(URL) == FIRST


def test_an_unwritable_file_is_reported_once_and_the_state_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state_file = DeliveryStateFile(tmp_path / "nowhere" / "index.db.webhooks")

    assert state_file.replace(URL, None, FIRST)
    assert state_file.replace(URL, FIRST, SECOND)
    assert state_file.state(URL) == SECOND
    assert caplog.text.count("cannot be kept: No such file or directory") == 1
