"""Build hook: a wheel carries all rules in one module beside their sources."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRules(BuildHookInterface):  # type: ignore[misc]  # the builder has no types
    """Adds `mace_scf/rules/_compiled.py` to a wheel; the working tree is left alone."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module aside and have the wheel include it; an editable install uses the sources."""
        # left to itself, pip names whatever dependency it misses first, or looks through all versions of each
        if sys.version_info < (3, 11):  # noqa: UP036
            sys.exit(f"mace-scf needs Python 3.11 or newer; this is {sys.version.split()[0]}")
        if version != "standard":
            return
        root = Path(self.root)
        sys.path[:0] = [str(root), str(root / "scripts")]
        from compile_rules import compiled_source

        target = Path(self.directory) / "_compiled_rules.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(compiled_source(), encoding="utf-8")
        build_data["force_include"][str(target)] = "mace_scf/rules/_compiled.py"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave only the wheel behind."""
        (Path(self.directory) / "_compiled_rules.py").unlink(missing_ok=True)
