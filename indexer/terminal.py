"""What both command lines (`indexer.cli`, `search_app.cli`) share: options, JSON and errors."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from rich.console import Console
from rich.markup import escape

from indexer import config
from indexer.errors import OutOfMemory, XiezuoError

Command = TypeVar("Command", bound=Callable[..., Any])

errors = Console(stderr=True, emoji=False)
out = Console(highlight=False, soft_wrap=True, emoji=False)

index_option = click.option(
    "--index",
    "index_dir",
    type=click.Path(path_type=Path),
    callback=lambda _context, _option, path: path or config.index_dir(),
    help="索引目录，默认 $INDEX_DIR 或 index。 The index folder.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="只输出 JSON。 Print JSON and nothing else."
)


def print_json(value: Any) -> None:
    """One JSON value on one line. Lone surrogates of odd file names are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value)
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def reports_errors(function: Command) -> Command:
    """Turn expected errors into a sentence, the next step and the right exit status."""

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        as_json = bool(kwargs.get("as_json"))
        try:
            return function(*args, **kwargs)
        except XiezuoError as error:
            _fail(error, as_json=as_json)
        except MemoryError:
            _fail(OutOfMemory(), as_json=as_json)
        except ImportError as error:
            # So a library that cannot be mapped into memory says it.
            if "failed to map" not in str(error) and "cannot allocate" not in str(error):
                raise
            _fail(OutOfMemory(), as_json=as_json)
        except BrokenPipeError:
            # The reader of our output has gone (`| head`): nothing is left to say.
            sys.stderr.close()
            sys.exit(0)

    return wrapped  # type: ignore[return-value]


def _fail(error: XiezuoError, *, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"error": error.to_json()})
    errors.print(f"[bold red]错误 Error[/]: {escape(error.message)}", soft_wrap=True)
    if error.hint:
        errors.print(f"  → {escape(error.hint)}", soft_wrap=True)
    sys.exit(error.exit_status)
