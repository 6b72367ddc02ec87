"""File systems whose changes the kernel does not report, because other machines write to them."""

import ctypes
import os
import sys

_F_TYPE_BYTES = ctypes.sizeof(ctypes.c_long)
_STATFS_BYTES = 256
"""More than struct statfs has on any architecture."""

UNREPORTED = {
    0x00006969: "NFS",
    0x0000517B: "SMB",
    0xFF534D42: "CIFS",
    0xFE534D42: "SMB",
    0x65735546: "FUSE or virtiofs",
    0x01021997: "9P",
    0x00C36400: "Ceph",
    0x5346414F: "AFS",
    0x6B414653: "AFS",
    0x73757245: "Coda",
    0x0000564C: "NCP",
    0x7461636F: "OCFS2",
    0x01161970: "GFS2",
    0x0BD00BD0: "Lustre",
    0x20030528: "OrangeFS",
    0x47504653: "GPFS",
    0x19830326: "BeeGFS",
    0x786F4256: "a shared folder of VirtualBox",
    0xBACBACBC: "a shared folder of VMware",
    0x00C0FFEE: "a folder of the host",
}
"""Names by `f_type` (statfs(2), linux/magic.h, and the sources of those outside of the kernel).

Any other reports what is written through this kernel: local disks, tmpfs, and overlayfs, whose layers nobody
may write to while it is mounted.
"""


def unreported_file_system(folder: str) -> str | None:
    """The name of the file system of `folder` if it may change without a report; None if it cannot.

    Raises OSError if there is no such folder.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    facts = ctypes.create_string_buffer(_STATFS_BYTES)
    if libc.statfs(os.fsencode(folder), facts) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), folder)
    return UNREPORTED.get(int.from_bytes(facts.raw[:_F_TYPE_BYTES], sys.byteorder) & 0xFFFFFFFF)
