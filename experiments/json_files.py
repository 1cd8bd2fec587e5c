"""JSON read in one place: manifests, and the files of a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError


def read_json(path: Path, what: str) -> Any:
    """Return the value in a JSON file; a byte-order mark at its beginning does not count.

    Raises `InputError`, one line that names the file and `what` it should be.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{what} {path} cannot be read: {error.strerror}") from None
    except RecursionError:
        raise InputError(f"{what} {path} is not JSON of ours: it is nested too deeply") from None
    except ValueError as error:
        raise InputError(f"{what} {path} is damaged: it is not JSON: {' '.join(str(error).split())}") from None
