"""The argument parser of mace-torch, alone in a process of its own: what it takes, and what it stops at.

Run as a script with the folder that holds `mace` and `configargparse`, it answers a JSON request on standard
input. Only `mace/tools/arg_parser.py` is loaded, as it was published (its hash is held against the package's
own record), so that neither torch nor e3nn is needed. `configargparse` patches `argparse` for the whole process,
one more reason to keep it out of the tests' own.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib
import importlib.metadata
import io
import json
import sys
import types
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

MODULE = "mace/tools/arg_parser.py"


def verdict(parser: Any, config: str, words: Sequence[str]) -> dict[str, Any]:
    """The values with which training would start, or the parser's last words."""
    output = io.StringIO()
    try:
        with redirect_stderr(output), redirect_stdout(output):
            found = parser.parse_args(list(words), config_file_contents=config)
    except SystemExit:
        return {"stops": (output.getvalue().strip().splitlines() or ["without a word"])[-1][:300]}
    except Exception as error:  # what the parser lets through stops the trainer as well
        return {"stops": f"{type(error).__name__}: {error}"[:300]}
    return {"values": {name: shown(value) for name, value in vars(found).items()}}


def shown(value: Any) -> str:
    """As Python writes it; a function (mace has one as a default) without its address."""
    return f"function {value.__name__}" if callable(value) else repr(value)


def described(parser: Any) -> list[dict[str, Any]]:
    """Every option: spellings, how a value is converted, default, choices."""
    return [
        {
            "spellings": action.option_strings,
            "destination": action.dest,
            "action": type(action).__name__,
            "type": getattr(action.type, "__name__", None),
            "nargs": action.nargs,
            "default": shown(action.default),
            "choices": action.choices,
            "required": action.required,
        }
        for action in parser._actions
    ]


def load(folder: Path) -> Any:
    """The published module; `mace/tools/__init__.py`, which wants torch, is not run."""
    sys.path.insert(0, str(folder))
    for name in ("mace", "mace.tools"):
        package = types.ModuleType(name)
        package.__path__ = [str(folder / name.replace(".", "/"))]
        sys.modules[name] = package
    return importlib.import_module("mace.tools.arg_parser")


def is_as_published(folder: Path) -> bool:
    """Whether the module has the hash that its package recorded."""
    (record,) = folder.glob("mace_torch-*.dist-info/RECORD")
    hashes = {row[0]: row[1] for row in csv.reader(record.read_text(encoding="utf-8").splitlines())}
    digest = hashlib.sha256((folder / MODULE).read_bytes()).digest()
    return hashes[MODULE] == "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def answer(request: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Verdicts on the cases of a request, and what the parser declares."""
    parser = load(folder).build_default_arg_parser()
    return {
        "versions": {name: importlib.metadata.version(name) for name in ("mace-torch", "configargparse")},
        "as_published": is_as_published(folder),
        "heavy": sorted({"torch", "numpy", "e3nn"} & set(sys.modules)),
        "options": described(parser),
        "verdicts": [verdict(parser, case["config"], case["words"]) for case in request["cases"]],
    }


if __name__ == "__main__":
    print(json.dumps(answer(json.load(sys.stdin), Path(sys.argv[1]))))
