"""One file of named numpy arrays, written once from front to back or in place, then mapped.

Layout: a magic number, the arrays (each at a multiple of 64 bytes, little endian), a
JSON directory (name → type, shape, offset; attributes), and a trailer that says where
the directory lies. Opening costs a parse of the directory: arrays are views into the
mapped file, so what is not touched is not read.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.errors import IndexDamaged

MAGIC = b"XZARRAY\x01"
_TRAILER = struct.Struct("<QQ8s")
_ALIGNMENT = 64


class Region:
    """Room for one array of known length inside a file being written; filled in pieces."""

    def __init__(self, file: BinaryIO, offset: int, dtype: np.dtype[Any], length: int) -> None:
        self._file, self._offset, self._dtype, self._length = file, offset, dtype, length

    def write(self, start: int, values: NDArray[Any]) -> None:
        """Put `values` at index `start`. Raises OSError."""
        if start < 0 or start + len(values) > self._length:
            raise ValueError("values lie outside of the array")
        self._file.seek(self._offset + start * self._dtype.itemsize)
        self._file.write(np.ascontiguousarray(values, self._dtype).data)


class ArrayFileWriter:
    """Writes one array file into an open binary file. Raises OSError.

    >>> with ArrayFileWriter(storage.create(path)) as out:
    ...     out.add("lengths", lengths)
    ...     docs = out.reserve("docs", np.uint16, 1_000_000)
    ...     docs.write(0, first_part)
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = len(MAGIC)
        self._arrays: dict[str, tuple[str, int, int]] = {}
        self.attributes: dict[str, Any] = {}

    def add(self, name: str, values: NDArray[Any]) -> None:
        """Write a whole one-dimensional array."""
        self.reserve(name, values.dtype, len(values)).write(0, values)

    def reserve(self, name: str, dtype: DTypeLike, length: int) -> Region:
        """Make room for an array; every index must be written once before the file is closed."""
        if name in self._arrays:
            raise ValueError(f"there is an array {name} already")
        kind = np.dtype(dtype).newbyteorder("<")
        start = -(-self._end // _ALIGNMENT) * _ALIGNMENT
        self._end = start + length * kind.itemsize
        self._arrays[name] = (kind.str, length, start)
        return Region(self._file, start, kind, length)

    def close(self) -> None:
        """Write the directory and close the file (nothing is synced here)."""
        directory = json.dumps(
            {"arrays": self._arrays, "attributes": self.attributes}, ensure_ascii=False
        ).encode()
        with self._file:
            self._file.seek(0)
            self._file.write(MAGIC)
            self._file.seek(self._end)
            self._file.write(directory)
            self._file.write(_TRAILER.pack(self._end, len(directory), MAGIC))

    def __enter__(self) -> ArrayFileWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()


class ArrayFile(Mapping[str, NDArray[Any]]):
    """The arrays of a file by name, mapped read only. Raises IndexDamaged, OSError.

    Views stay valid as long as they live, whatever becomes of this object or of the
    file's name.
    """

    def __init__(self, path: Path) -> None:
        data: mmap.mmap | bytes
        with path.open("rb") as file:
            try:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:  # an empty file cannot be mapped
                data = b""
        self._open(data, path.name)

    @classmethod
    def of_bytes(cls, data: bytes, name: str) -> ArrayFile:
        """The arrays of a file that lies in memory."""
        arrays = cls.__new__(cls)
        arrays._open(data, name)
        return arrays

    def _open(self, data: mmap.mmap | bytes, name: str) -> None:
        self._data, self._name = data, name
        try:
            start, size, magic = _TRAILER.unpack(data[-_TRAILER.size :])
            whole = start + size + _TRAILER.size == len(data)
            if magic != MAGIC or not whole or data[: len(MAGIC)] != MAGIC:
                raise ValueError("no array file")
            directory = json.loads(data[start : start + size])
            self.attributes: Mapping[str, Any] = directory["attributes"]
            self._arrays: dict[str, tuple[str, int, int]] = directory["arrays"]
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise self._damaged() from error

    def _damaged(self) -> IndexDamaged:
        return IndexDamaged(
            f"索引文件 {self._name} 已损坏。 A file of the index is damaged.",
            "运行 python -m indexer check 查看详情，再回退或重建。"
            " Run `indexer check`, then roll back or rebuild.",
        )

    def __getitem__(self, name: str) -> NDArray[Any]:
        kind, length, offset = self._arrays[name]
        try:
            return np.frombuffer(self._data, kind, length, offset)
        except ValueError as error:
            raise self._damaged() from error

    def size(self, name: str) -> int:
        """Bytes that an array takes."""
        kind, length, _ = self._arrays[name]
        return np.dtype(kind).itemsize * length

    def __iter__(self) -> Any:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)
