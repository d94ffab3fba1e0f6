"""What may be imported where, and what a check of a config may load at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "fixed_point" / "config.yaml"
HEAVY = ("torch", "numpy", "scipy", "ase", "matplotlib")
SCRIPT = """
import sys
{before}
from mace_scf.cli.main import main
status = main(["validate", *{flags}, "{config}"])
assert status == 0, status
print("LOADED", *[name for name in {heavy!r} if name in sys.modules])
"""


def loaded_by_validate(
    before: str = "", *, flags: tuple[str, ...] = ("--no-data",), names: tuple[str, ...] = HEAVY
) -> list[str]:
    script = SCRIPT.format(before=before, config=EXAMPLE, heavy=names, flags=flags)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.strip().split("\n")[-1].split()[1:]


def test_rooms_import_downwards_only() -> None:
    lint = Path(sys.executable).parent / "lint-imports"

    done = subprocess.run([str(lint)], capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 0, done.stdout


def test_checking_a_config_loads_no_numeric_library() -> None:
    assert loaded_by_validate() == []


def test_the_check_of_loaded_libraries_can_fail() -> None:
    assert loaded_by_validate("import numpy") == ["numpy"]


def test_checking_small_data_loads_no_numeric_library() -> None:
    assert loaded_by_validate(flags=()) == []


def test_without_data_the_scanner_is_not_loaded() -> None:
    loaded = loaded_by_validate(names=("mace_scf.dataset.scan", "mace_scf.dataset.profile"))

    assert loaded == []


def test_importing_the_package_loads_only_the_standard_library() -> None:
    script = (
        "import sys; before = set(sys.modules); import mace_scf; print(*sorted(set(sys.modules) - before))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )

    ours = [name for name in done.stdout.split() if name.split(".")[0] not in sys.stdlib_module_names]
    assert ours == ["mace_scf", "mace_scf.version"]


def test_test_files_outside_packages_have_names_of_their_own() -> None:
    """pytest imports them by their bare names: of two it takes neither."""
    tests = Path(__file__).parents[1]
    loose = [path.name for path in tests.rglob("test_*.py") if not (path.parent / "__init__.py").exists()]

    assert loose
    assert sorted(loose) == sorted(set(loose))
