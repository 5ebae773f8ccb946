"""`python -m search_app`."""

from __future__ import annotations

from search_app.cli import main

if __name__ == "__main__":
    main(prog_name="python -m search_app")
