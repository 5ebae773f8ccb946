"""Every change that a build makes to an index folder goes through here.

One small object with the handful of file operations that matter for durability.
The tests replace it by one that fails, loses or scrambles what was not synced.

The order that makes a generation durable (as SQLite and Lucene do it): write a
file, fsync it, and only when every file of a folder is synced fsync the folder,
rename, and fsync the parent. A rename without these can survive a crash while
the bytes that it names do not.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from indexer.errors import IndexUnwritable

_DISK_ERRORS = {
    errno.ENOSPC: "磁盘空间不足 (no space left on the disk)",
    errno.EDQUOT: "磁盘配额已用完 (disk quota exceeded)",
    errno.EMFILE: "打开的文件过多 (too many open files)",
    errno.ENFILE: "系统打开的文件过多 (too many open files in the system)",
    errno.EROFS: "文件系统是只读的 (the file system is read-only)",
    errno.EACCES: "没有写入权限 (no permission to write)",
    errno.EPERM: "没有写入权限 (no permission to write)",
    errno.EFBIG: "超出文件大小限制 (larger than files may be here)",
    errno.ENOMEM: "内存不足 (out of memory)",
    errno.EIO: "磁盘读写出错 (the disk reports an input/output error)",
}

_HINT = (
    "原有索引未受影响；排除原因后重新运行同一命令。"
    " The index in use is untouched; clear the cause and run the same command again."
)


class Storage:
    """File operations on a real disk. Paths are absolute or relative to the working folder.

    Has no state: an instance may travel to other processes, and any two are equal.
    """

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def create(self, path: Path) -> BinaryIO:
        """Open a new file for writing; it must not exist."""
        return path.open("xb")

    def sync(self, path: Path) -> None:
        """Make a written file durable."""
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder durable."""
        self.sync(path)

    def make_folder(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)

    def rename(self, source: Path, target: Path) -> None:
        """Replace `target` by `source` in one step."""
        source.replace(target)

    def link(self, source: Path, target: Path) -> None:
        """Give a finished, never changing file a second name (or a copy, where links fail)."""
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def remove_tree(self, path: Path) -> None:
        """Remove a folder; a part that is already gone is no error."""
        shutil.rmtree(path, ignore_errors=True)

    def write_file(self, path: Path, data: bytes) -> None:
        """Write and sync one whole new file."""
        with self.create(path) as file:
            file.write(data)
        self.sync(path)

    def replace_file(self, path: Path, data: bytes) -> None:
        """Replace one file in one durable step: temporary file, fsync, rename, fsync folder."""
        temporary = path.with_name(f".{path.name}.new")
        self.remove(temporary)
        self.write_file(temporary, data)
        self.rename(temporary, path)
        self.sync_folder(path.parent)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn the system's errors while writing into `IndexUnwritable` with a clear sentence."""
    try:
        yield
    except OSError as error:
        reason = _DISK_ERRORS.get(error.errno or 0, error.strerror or str(error))
        raise IndexUnwritable(
            f"无法写入索引目录 {folder}：{reason}。 The index folder cannot be written.", _HINT
        ) from error
