"""Every error that this project raises on purpose.

XiezuoError                 message + hint (the next step) + code + exit_status
├── UsageError              exit 2: the caller asked for something impossible
│   ├── SourceNotFound      a source path does not exist or cannot be read
│   └── ConfigError         a setting, dictionary or rule file is wrong
├── OutOfMemory             exit 1: the machine has too little memory left
├── DataError               exit 1: something is wrong with the data
│   ├── PageRejected        one page cannot become a document (it is skipped)
│   ├── NothingToRead       the sources hold no page
│   └── OriginalMissing     the saved page is gone or changed (indexer.originals)
└── IndexProblem            exit 1: something is wrong with the index
    ├── IndexMissing        there is no index in the folder
    ├── IndexDamaged        a file of the index is not what the manifest says
    ├── IndexOutdated       other schema or other analyzer than this program's
    ├── IndexLocked         another process is writing
    ├── IndexUnwritable     the folder cannot be written, or the disk is full
    └── IndexUnsafe         owner or mode of the folder lets others write it
"""

from __future__ import annotations

from typing import ClassVar


class XiezuoError(Exception):
    """Base of all expected errors.

    `message` says what is wrong, `hint` names the next step; both are complete
    sentences for a person. `code` is stable and machine readable.
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders in the build; keep both parts.
        return (type(self), (self.message, self.hint))

    def to_json(self) -> dict[str, str]:
        """The `error` object of the command line and of the HTTP API."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class UsageError(XiezuoError):
    code = "usage"
    exit_status = 2


class SourceNotFound(UsageError):
    code = "source_not_found"


class ConfigError(UsageError):
    code = "config"


class OutOfMemory(XiezuoError):
    code = "out_of_memory"

    def __init__(self, message: str = "", hint: str = "") -> None:
        super().__init__(
            message or "内存不足。 There is not enough memory.",
            hint
            or "腾出内存后重试；建立索引时可减小 XIEZUO_PROCESSES 或 XIEZUO_BATCH_BYTES。"
            "原有索引未受影响。"
            " Free memory and try again; a build takes less with lower XIEZUO_PROCESSES or"
            " XIEZUO_BATCH_BYTES. The index in use is untouched.",
        )


class DataError(XiezuoError):
    code = "data"


class PageRejected(DataError):
    """One page that cannot become a document; `code` is the machine-readable reason."""

    code = "page_rejected"

    def __init__(self, message: str, hint: str = "", reason: str = "unreadable") -> None:
        super().__init__(message, hint)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.message, self.hint, self.reason))


class NothingToRead(DataError):
    code = "nothing_to_read"


class IndexProblem(XiezuoError):
    code = "index"


class IndexMissing(IndexProblem):
    code = "index_missing"


class IndexDamaged(IndexProblem):
    code = "index_damaged"


class IndexOutdated(IndexProblem):
    code = "index_outdated"


class IndexLocked(IndexProblem):
    code = "index_locked"


class IndexUnwritable(IndexProblem):
    code = "index_unwritable"


class IndexUnsafe(IndexProblem):
    code = "index_unsafe"
