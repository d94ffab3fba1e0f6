"""The command as scripts and people use it: exit statuses, formats, selection, inputs."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mace_scf.cli.main import main

ROOT = Path(__file__).parents[2]
CLEAN = """heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0: {name: first, start: 0, end: 9, loss: {forces: 100.0, energy_per_atom: 1.0}}
"""
BROKEN = CLEAN.replace("forces: 100.0", "forcess: 100.0")
ODD = CLEAN + "model: MACE\ndownloads_dir: x\n"  # an option without effect: a warning


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"clean.yaml": CLEAN, "broken.yaml": BROKEN, "odd.yaml": ODD}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def validate(*words: str) -> int:
    return main(["validate", *words])


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["clean.yaml"], 0),
        (["broken.yaml"], 1),
        (["clean.yaml", "broken.yaml"], 1),
        (["broken.yaml", "--exit-zero"], 0),
        (["odd.yaml"], 0),
        (["odd.yaml", "--fail-level", "warning"], 1),
        (["broken.yaml", "--ignore", "L1"], 0),
        (["broken.yaml", "--select", "S,C"], 0),
        (["broken.yaml", "--select", "L101"], 1),
        (["missing.yaml"], 2),
        (["clean.yaml", "missing.yaml"], 2),
        (["clean.yaml", "--trainer", "nobody"], 2),
    ],
)
@pytest.mark.usefixtures("folder", "capsys")
def test_exit_statuses(words: list[str], status: int) -> None:
    assert validate(*words) == status


@pytest.mark.usefixtures("folder")
def test_usage_mistakes_exit_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        validate("--formatt", "json")

    assert stop.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_mistyped_verb_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["valdate", "x.yaml"]) == 2
    assert "did you mean `mace-scf validate`?" in capsys.readouterr().err


def test_a_file_in_place_of_a_verb_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean.yaml"]) == 2
    assert "mace-scf validate clean.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"a: \xff\n", b"\xff\xfea\x00:\x00"])
def test_bytes_that_are_no_text_are_unreadable(
    folder: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bytes.yaml").write_bytes(data)

    assert validate("bytes.yaml") == 2
    assert "is not UTF-8" in capsys.readouterr().err


def test_text_that_is_no_yaml_is_a_finding_and_unreadable(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.yaml").write_text("a: [1\n", encoding="utf-8")

    assert validate("bad.yaml") == 2
    assert "error[C001]" in capsys.readouterr().out


def test_a_folder_means_the_configs_below_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "one.yml").write_text(BROKEN, encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "two.yaml").write_text(BROKEN, encoding="utf-8")

    validate(".", "--format", "json")

    files = json.loads(capsys.readouterr().out)["files"]
    assert files == ["broken.yaml", "clean.yaml", "odd.yaml", "deep/one.yml"]


def test_other_yaml_in_a_folder_is_counted_and_a_named_file_is_meant(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = folder / "mixed"
    place.mkdir()
    (place / "compose.yaml").write_text("services: {web: {image: x}}\n", encoding="utf-8")
    (place / "list.yaml").write_text("- a\n", encoding="utf-8")
    (place / "one.yaml").write_text("model: MACE\n", encoding="utf-8")

    assert main(["validate", "mixed"]) == 0
    assert "checked: 2 other YAML files hold no training config" in capsys.readouterr().out
    assert main(["validate", "mixed", "mixed/compose.yaml"]) == 1
    assert "C002" in capsys.readouterr().out
    (place / "one.yaml").unlink()
    assert main(["validate", "mixed"]) == 2
    assert "no config in mixed" in capsys.readouterr().err


def test_a_folder_without_configs_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()

    assert validate("empty") == 2
    assert "no config in empty" in capsys.readouterr().err


def test_standard_input_is_a_config(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode())))

    assert validate("-") == 1
    assert "-:6:45: error[L101]" in capsys.readouterr().out


def test_options_behind_dashes_belong_to_the_training_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert validate("clean.yaml", "--", "--modle", "MACE") == 1
    assert "unknown option `--modle`" in capsys.readouterr().out


def test_json_is_one_object_for_several_inputs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    validate("clean.yaml", "broken.yaml", "--format", "json")

    report = json.loads(capsys.readouterr().out)
    assert report["schema_version"] == 1
    assert [
        (found["code"], found["file"], found["line"], found["column"]) for found in report["findings"]
    ] == [("L101", "broken.yaml", 6, 45)]
    assert len(report["not_seen"]) == 2


def test_colours_are_for_terminals_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    validate("broken.yaml")
    plain = capsys.readouterr().out
    validate("broken.yaml", "--color", "always")

    assert "\x1b[" not in plain
    assert "\x1b[" in capsys.readouterr().out


def launcher(folder: Path, text: str, name: str = "train.sh") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_a_sibling_launcher_that_names_the_config_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    launcher(folder, "python run_train.py --config clean.yaml --model FixedPoint\n")

    assert validate("clean.yaml") == 1
    printed = capsys.readouterr().out
    assert "F101" in printed
    assert "launcher train.sh" in printed


def test_a_sibling_launcher_can_be_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    launcher(folder, "python run_train.py --config clean.yaml --modle x\n")

    assert validate("clean.yaml", "--no-launcher") == 0


def test_of_several_launchers_none_is_read_and_it_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.sh", "b.sh"):
        launcher(folder, "python run_train.py --config clean.yaml --modle x\n", name)

    assert validate("clean.yaml") == 0
    assert "not seen: a.sh, b.sh name this config: none of them was read" in capsys.readouterr().out


def test_a_launcher_leads_to_its_config(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    launcher(folder, 'CONFIG=broken.yaml\npython run_train.py --config "$CONFIG"\n')

    assert validate("train.sh") == 1
    assert "broken.yaml:6:45: error[L101]" in capsys.readouterr().out


def test_a_launcher_leads_to_all_its_configs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands = [f"python run_train.py --config {name}.yaml" for name in ("clean", "broken", "clean")]
    launcher(folder, "\n".join(commands) + "\n")

    assert validate("train.sh") == 1
    printed = capsys.readouterr().out
    assert "broken.yaml:6:45: error[L101]" in printed
    assert printed.count("clean.yaml: stage") == 1


def test_a_launcher_whose_config_depends_on_something_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    launcher(folder, 'python run_train.py --config clean.yaml\npython run_train.py --config "$1"\n')

    assert validate("train.sh") == 2
    assert "cannot tell the config" in capsys.readouterr().err


def test_a_finding_points_into_the_file_that_holds_the_cause(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    launcher(folder, "python run_train.py --config clean.yaml \\\n  --batch_size none\n")

    validate("clean.yaml", "--format", "json")

    (finding,) = [
        found for found in json.loads(capsys.readouterr().out)["findings"] if found["code"] == "C110"
    ]
    assert (finding["file"], finding["line"], finding["column"]) == ("train.sh", 2, 16)


def test_a_launcher_without_a_config_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    launcher(folder, "echo hello\n")

    assert validate("train.sh") == 2
    assert "no training command names a config" in capsys.readouterr().err


def test_an_internal_error_is_told_and_has_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(words: object) -> int:
        raise RuntimeError("boom")

    monkeypatch.delenv("MACE_SCF_TRACEBACK", raising=False)
    monkeypatch.setattr("mace_scf.cli.main._dispatch", broken)

    assert main(["validate", "x"]) == 3
    assert "internal error: RuntimeError: boom" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m mace_scf explain | head -1"

    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, cwd=ROOT, check=False
    )

    assert done.stderr == ""
    assert done.stdout.startswith("C001")


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["explain"], ["explain", "C101"], ["explain", "unknown-key"]]
)
def test_verbs_that_only_tell_exit_cleanly(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out.strip()


def test_a_mistyped_code_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "unknwn-key"]) == 2
    assert "did you mean unknown-key?" in capsys.readouterr().err


def test_the_schema_can_be_wired_into_vscode_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".vscode").mkdir()
    (folder / ".vscode" / "settings.json").write_text('{"editor.tabSize": 2}', encoding="utf-8")

    assert main(["schema", "--wire", "vscode"]) == 0
    assert main(["schema", "--wire", "vscode", "--match", "runs/*.yaml"]) == 0

    settings = json.loads((folder / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert settings["editor.tabSize"] == 2
    assert settings["yaml.schemas"]["./.vscode/mace-scf.schema.json"] == ["runs/*.yaml"]
    assert (
        json.loads((folder / ".vscode" / "mace-scf.schema.json").read_text(encoding="utf-8"))["type"]
        == "object"
    )


def test_a_terminal_without_unicode_and_a_name_that_is_no_text_are_no_error(folder: Path) -> None:
    name = os.fsencode(folder) + b"/\xff.yaml"
    with open(name, "wb") as file:
        file.write(BROKEN.encode())
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}

    done = subprocess.run(
        [sys.executable, "-m", "mace_scf", "validate", name],
        capture_output=True,
        check=False,
        env=environment,
    )

    assert done.returncode == 1
    assert b"error[L101]" in done.stdout


@pytest.mark.parametrize(
    ("words", "status"), [(["clean.yaml"], 0), (["broken.yaml"], 1), (["--nonsense"], 2)]
)
def test_the_process_ends_with_the_status_and_all_of_the_output(
    folder: Path, words: list[str], status: int
) -> None:
    command = [sys.executable, "-m", "mace_scf", "validate", *words]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == status
    assert (done.stdout + done.stderr).endswith("\n")


def test_a_caller_in_the_same_process_keeps_its_garbage_collector(folder: Path) -> None:
    enabled = gc.isenabled()

    validate("broken.yaml")

    assert enabled
    assert gc.isenabled()
