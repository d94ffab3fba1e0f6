"""The oldest versions that `pyproject.toml` allows, as constraints for pip: `bash .ci/run lowest` tests with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
_BOUND = re.compile(r"^([\w.-]+)>=([\w.]+)")


def lowest_versions(text: str) -> Iterator[str]:
    """`name==version` of each lower bound; torch is left out, whose older wheels bring CUDA."""
    project = tomllib.loads(text)["project"]
    wanted = project["dependencies"] + [
        name for extra in project["optional-dependencies"].values() for name in extra
    ]
    bounds = {found[1]: found[2] for found in map(_BOUND.match, wanted) if found}
    for name, version in sorted(bounds.items()):
        if name != "torch":
            yield f"{name}=={version}"


if __name__ == "__main__":
    print("\n".join(lowest_versions((ROOT / "pyproject.toml").read_text(encoding="utf-8"))))
