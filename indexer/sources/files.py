"""Opening files of a folder that is not trusted to hold only files."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO


def open_regular(file: str) -> BinaryIO:
    """Open a regular file, and nothing else: neither waits on a pipe nor follows a link.

    Raises `OSError`.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(file, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
