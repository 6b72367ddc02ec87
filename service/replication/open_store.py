"""Opens the store at an address."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from service.errors import StoreUnavailable
from service.replication.folder_store import FolderStore
from service.replication.store import Store

if TYPE_CHECKING:
    from service.replication.object_store import BucketStore


def open_store(setting: str, address: str) -> Store:
    """The store at `address`, which is the value of `setting`. Nothing is read yet.

    Raises StoreUnavailable if the address or the environment lacks what the provider needs.
    """
    if address.startswith("file://"):
        return FolderStore(Path(unquote(urlsplit(address).path)), setting, address)
    return open_bucket(setting, address)


def open_bucket(setting: str, address: str) -> "BucketStore":
    """The bucket at `address`, as `open_store`."""
    try:
        from service.replication.object_store import BucketStore
    except ModuleNotFoundError as error:
        reason = f"the package {error.name} is not installed; run `pip install broadsheet[replicas]`"
        raise StoreUnavailable(setting, address, reason) from None
    return BucketStore(setting, address)
