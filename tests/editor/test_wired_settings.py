"""Settings that `mace-scf schema --wire` writes, handed to the language server as each editor would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mace_scf.cli.main import main
from mace_scf.editors import jsonc
from tests.editor.client import LanguageServer
from tests.editor.test_yaml_language_server import command, stretch

__all__ = ["command"]  # a fixture

pytestmark = pytest.mark.node

CONFIG = """\
model: MACE
train_schedule:
  0:
    name: first
    loss:
      energy_per_atom: 1.0
      dipole_per_atm: 1.0
"""
FILES = {
    "run.mace-scf.yaml": (CONFIG, "dipole_per_atm"),
    "mace-scf/run.yaml": (CONFIG, "dipole_per_atm"),
    "far/water.dataset.yaml": ("version: 1\nsplits: {train: {frames: 3, pcb: {}}}\n", "pcb"),
    "mace-scf.yaml": ("severity:\n  L2O1: off\n", "L2O1"),
    "ours.extension.yaml": ("extends: upstream\nname: ours\ntrems: {}\n", "trems"),
    "other.yaml": ("anything: goes\n", ""),
}


def vscode() -> dict[str, Any]:
    """Every key `yaml.…` is one of the section `yaml`."""
    settings = jsonc.parse(Path(".vscode/settings.json").read_text(encoding="utf-8")).value
    return {key.removeprefix("yaml."): value for key, value in settings.items() if key.startswith("yaml.")}


def neovim() -> dict[str, Any]:
    """As the script does: paths become URIs."""
    settings = json.loads(Path(".nvim/mace-scf/settings.json").read_text(encoding="utf-8"))["yaml"]
    return {"schemas": {Path(path).resolve().as_uri(): names for path, names in settings["schemas"].items()}}


def helix() -> dict[str, Any]:
    """The table `config` is what the server is told."""
    languages = tomllib.loads(Path(".helix/languages.toml").read_text(encoding="utf-8"))
    config: Any = languages["language-server"]["yaml-language-server"]["config"]
    return dict(config["yaml"])


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "mace-scf").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("editor", [vscode, neovim, helix])
def test_slips_in_every_kind_of_file_are_marked(editor: Any, command: list[str], workspace: Path) -> None:
    assert main(["schema", "--wire", editor.__name__]) == 0

    with LanguageServer(command, None, workspace, editor()) as server:
        for name, (text, wrong) in FILES.items():
            uri = server.open(workspace / name, text)
            marked = [stretch(text, found["range"]) for found in server.diagnostics(uri)]
            assert marked == ([wrong] if wrong else []), name


@pytest.mark.parametrize("editor", [vscode, helix])
def test_the_words_of_a_fork_are_known(editor: Any, command: list[str], workspace: Path) -> None:
    fork = "extends: upstream\nname: ours\noptions: {add: {spice: {kind: number, doc: Hot.}}}\n"
    (workspace / "ours.yaml").write_text(fork, encoding="utf-8")
    assert main(["schema", "--extension", "ours.yaml", "--wire", editor.__name__]) == 0

    with LanguageServer(command, None, workspace, editor()) as server:
        text = "spice: 1.0\nspiec: 1.0\n"
        uri = server.open(workspace / "run.mace-scf.yaml", text)
        assert [stretch(text, found["range"]) for found in server.diagnostics(uri)] == ["spiec"]


def test_severities_are_completed_with_what_they_mean(command: list[str], workspace: Path) -> None:
    main(["schema", "--wire", "vscode"])

    with LanguageServer(command, None, workspace, vscode()) as server:
        uri = server.open(workspace / "mace-scf.yaml", "severity:\n  L1\n")
        offered = {item["label"] for item in server.complete(uri, 1, 4)}

    assert {"L101", "unknown-term"} <= offered


def test_neovim_itself_gives_the_settings_to_the_server(workspace: Path) -> None:
    nvim = os.environ.get("MACE_SCF_NVIM") or shutil.which("nvim")
    if nvim is None:
        pytest.skip("Neovim is not installed")
    main(["schema", "--wire", "neovim"])
    show = "lua io.write(vim.json.encode(vim.lsp.config.yamlls.settings.yaml.schemas))"

    done = subprocess.run(
        [nvim, "--clean", "--headless", "-c", "luafile .nvim.lua", "-c", show, "-c", "qa!"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert json.loads(done.stdout) == neovim()["schemas"]
