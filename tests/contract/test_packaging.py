"""What the package says of itself: versions it works with, files that come along, a word to an old Python."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
SETTINGS = tomllib.loads(PYPROJECT)
PROJECT = SETTINGS["project"]
sys.path.insert(0, str(ROOT / "scripts"))

from lowest import lowest_versions  # noqa: E402  # a script, found by its folder


def test_the_lowest_versions_are_the_bounds_of_all_extras_without_torch() -> None:
    text = """
    [project]
    dependencies = ["attrs>=23.2", "ruamel.yaml.clib>=0.2.8; python_version > '3'"]
    optional-dependencies = {loss = ["numpy>=1.26,<3", "torch>=2.4"], test = ["it[loss]", "types-jsonschema"]}
    """

    assert list(lowest_versions(text)) == ["attrs==23.2", "numpy==1.26", "ruamel.yaml.clib==0.2.8"]


def test_every_dependency_has_a_lower_bound() -> None:
    bounded = {line.split("==")[0] for line in lowest_versions(PYPROJECT)}

    assert [name for name in PROJECT["dependencies"] if re.split("[>=]", name)[0] not in bounded] == []


def test_the_documents_and_the_classifiers_know_which_python() -> None:
    lowest = PROJECT["requires-python"].removeprefix(">=")
    first_screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").split("\n")[:24])
    minors = [int(found[1]) for text in PROJECT["classifiers"] if (found := re.search(r":: 3\.(\d+)$", text))]

    assert f"Python {lowest} or newer" in first_screen
    assert minors[0] == int(lowest.split(".")[1])
    assert minors == list(range(minors[0], minors[-1] + 1))


@pytest.mark.parametrize(
    "name", [".ci", ".github", ".pre-commit-hooks.yaml", "CONTRIBUTING.md", "tests", "docs"]
)
def test_a_source_distribution_holds_what_its_tests_read(name: str) -> None:
    assert f"/{name}" in SETTINGS["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert (ROOT / name).exists()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The build hook, on a stand-in for the class that the builder gives it."""
    parts = "hatchling.builders.hooks.plugin.interface".split(".")
    for count in range(1, len(parts) + 1):
        monkeypatch.setitem(sys.modules, ".".join(parts[:count]), ModuleType(parts[count - 1]))
    monkeypatch.setattr(sys, "path", [*sys.path])  # the hook puts the folders of the project in front
    sys.modules[".".join(parts)].BuildHookInterface = object  # type: ignore[attr-defined]
    monkeypatch.delitem(sys.modules, "hatch_build", raising=False)
    from hatch_build import CompiledRules

    return CompiledRules()


@pytest.mark.parametrize("version", ["standard", "editable"])
def test_an_old_python_hears_which_one_is_needed(
    hook: Any, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))

    with pytest.raises(SystemExit, match=r"mace-scf needs Python 3\.11 or newer; this is"):
        hook.initialize(version, {"force_include": {}})


def test_the_hook_adds_the_rules_in_one_module(hook: Any, tmp_path: Path) -> None:
    hook.root, hook.directory = str(ROOT), str(tmp_path)
    data: dict[str, Any] = {"force_include": {}}

    hook.initialize("standard", data)

    ((written, target),) = data["force_include"].items()
    assert target == "mace_scf/rules/_compiled.py"
    assert "RULES = (" in Path(written).read_text(encoding="utf-8")
