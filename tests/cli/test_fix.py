"""--fix and --diff: what is changed, what is not, and that nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mace_scf.cli.main import main

CONFIG = """# the first run
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0:
    name: first   # one
    start: 0
    end: 9
    lr: 1e-3      # not a number for YAML 1.1
    los: {forcess: 100, energy_per_atom: 1}
"""
MENDED = CONFIG.replace("1e-3 ", "1.0e-3 ").replace("los:", "loss:").replace("forcess: 100", "forces: 100.0").replace(
    "energy_per_atom: 1}", "energy_per_atom: 1.0}"
)  # fmt: skip


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "c.yaml"
    path.write_bytes(CONFIG.encode())
    return path


def test_fix_mends_only_what_is_wrong(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "c.yaml", "--fix"]) == 0
    assert config.read_text(encoding="utf-8") == MENDED
    assert "fixed c.yaml:11:9: " in capsys.readouterr().err


def test_fix_changes_nothing_the_second_time(config: Path) -> None:
    main(["validate", "c.yaml", "--fix"])
    before = config.stat().st_mtime_ns

    main(["validate", "c.yaml", "--fix"])

    assert config.stat().st_mtime_ns == before


def test_guesses_are_left_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "c.yaml"
    text = "compute_forces: false\nheads:\n  Default: {info_keys: {energy: e}, arrays_keys: {forces: f}}\n"
    config.write_text(text, encoding="utf-8")

    main(["validate", str(config), "--fix"])

    assert config.read_text(encoding="utf-8") == text.removeprefix("compute_forces: false\n")
    assert "\n1 more with --unsafe-fixes" in capsys.readouterr().err


def test_diff_shows_and_changes_nothing(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "c.yaml", "--diff"]) == 1
    assert "-    lr: 1e-3      # not a number" in capsys.readouterr().out
    assert config.read_bytes() == CONFIG.encode()


def test_byte_order_mark_line_ends_mode_and_links_stay(config: Path, tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode()
    config.write_bytes(data)
    config.chmod(0o640)
    (tmp_path / "link.yaml").symlink_to(config)

    main(["validate", "link.yaml", "--fix"])

    assert config.read_bytes() == b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()
    assert config.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.yaml").is_symlink()


@pytest.mark.parametrize(
    ("element", "mended"),
    [
        ("--batchsize 4", "--batch_size 4"),
        ("--batch 4", "--batch_size 4"),
        ("--batchs'ize' 4", "--batchs'ize' 4"),
    ],
)
def test_a_flag_is_mended_where_an_array_got_it(config: Path, element: str, mended: str) -> None:
    config.write_text(MENDED, encoding="utf-8")
    text = f'ARGS=(--config c.yaml {element})\npython run_train.py "${{ARGS[@]}}"\n'
    (config.parent / "train.sh").write_text(text, encoding="utf-8")

    main(["validate", "c.yaml", "--fix"])

    assert (config.parent / "train.sh").read_text(encoding="utf-8") == text.replace(element, mended)


def test_a_launcher_is_mended_too(config: Path, tmp_path: Path) -> None:
    script = tmp_path / "train.sh"
    script.write_text("python run_train.py --config c.yaml \\\n    --batch_sise 4\n", encoding="utf-8")

    main(["validate", "c.yaml", "--fix"])

    assert "--batch_size 4\n" in script.read_text(encoding="utf-8")


def test_standard_input_is_not_fixed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CONFIG.encode())))

    assert main(["validate", "-", "--fix"]) == 2
    assert "cannot be changed" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_loses_nothing(config: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert main(["validate", "c.yaml", "--fix"]) == 2
    finally:
        tmp_path.chmod(0o700)
    assert config.read_bytes() == CONFIG.encode()


def test_unsafe_fixes_alone_change_nothing_and_say_so(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "c.yaml", "--unsafe-fixes"]) == 2
    assert "--unsafe-fixes goes with --fix, or with --diff" in capsys.readouterr().err
    assert config.read_text(encoding="utf-8") == CONFIG


RUN = """name: water
train_file: water.xyz
error_table: PerAtomRMSE
E0s: average
num_channels: 16
max_L: 1
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0: {name: a, start: 0, end: 9, loss: {energy_per_atom: 1.0, forces: 100.0}}
"""
COMMAND = "python run_train.py --config c.yaml"


def mended_script(tmp_path: Path, script: str, config: str = RUN) -> str:
    (tmp_path / "c.yaml").write_text(config, encoding="utf-8")
    path = tmp_path / "train.sh"
    path.write_text(script, encoding="utf-8")
    main(["validate", str(tmp_path / "c.yaml"), "--no-data", "--fix", "--unsafe-fixes"])
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("end", ["\u2028", "\x85", "\r"])
def test_a_text_whose_lines_nobody_counts_alike_is_not_edited(end: str, config: Path) -> None:
    text = CONFIG.replace("\n", end, 1) + "# the end\n"
    config.write_bytes(text.encode())

    assert main(["validate", "c.yaml", "--fix", "--unsafe-fixes"]) in (0, 1, 2)
    assert config.read_bytes() == text.encode()


@pytest.mark.parametrize(
    "script",
    [
        f"{COMMAND} --batch_size $BATCH --batch_size 4\n",
        f"{COMMAND} --batch_size 4 --batch_size ${{BATCH}}\n",
        f'{COMMAND} --optimizer "$OPTIMIZER" --log_level $LEVEL\n',
        f"BATCH=-4\n{COMMAND} --batch_size $BATCH\n",
        f"run() {{\n  local seed=$1\n  {COMMAND} --seed $seed\n}}\nrun\n",
        f"{COMMAND} --ema=$EMA\n",
    ],
)
def test_what_a_variable_gives_is_not_edited(script: str, tmp_path: Path) -> None:
    assert mended_script(tmp_path, script) == script


@pytest.mark.parametrize(
    ("script", "mended"),
    [
        (f"{COMMAND} --batch_size -4 # few\n", f"{COMMAND} --batch_size 4 # few\n"),
        (f"{COMMAND} --optimizer Adam --ema\n", f"{COMMAND} --optimizer adam --ema\n"),
        (f"{COMMAND} \\\n  --loss weighted \\\n  --ema\n", f"{COMMAND} \\\n  --ema\n"),
        (f"{COMMAND} \\\n  --ema \\\n  --loss=weighted\n", f"{COMMAND} \\\n  --ema\n"),
        (f"cat > job.sh <<EOF\n{COMMAND} --batch_sise 4\nEOF\nsbatch job.sh\n",
         f"cat > job.sh <<EOF\n{COMMAND} --batch_size 4\nEOF\nsbatch job.sh\n"),
        (f"{COMMAND} --ema=false --seed 3\n", f"{COMMAND} --seed 3\n"),
        (f"{COMMAND} --restart_latest=false\n", f"{COMMAND} --no-restart_latest\n"),
        (f"{COMMAND} --amsgrad=false\n", f"{COMMAND} --amsgrad=false\n"),  # nothing switches it off
        (f"{COMMAND} --name runs/water\n", f"{COMMAND} --name water\n"),
    ],
)  # fmt: skip
def test_words_of_a_command_are_mended(script: str, mended: str, tmp_path: Path) -> None:
    config = RUN.replace("name: water\n", "", 1) if "--name" in script else RUN

    assert mended_script(tmp_path, script, config) == mended


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mace_scf import fixing
    from mace_scf.cli import mending

    def fix_all(*arguments: object, **options: object) -> object:
        fixed = original(*arguments, **options)  # type: ignore[arg-type]
        config.write_text("model: MACE\n", encoding="utf-8")
        return fixed

    original = fixing.fix_all
    monkeypatch.setattr(mending, "fix_all", fix_all)

    assert main(["validate", "c.yaml", "--fix"]) == 2
    assert config.read_text(encoding="utf-8") == "model: MACE\n"
    assert "has changed while it was checked" in capsys.readouterr().err


def test_a_script_of_several_commands_is_not_mended_for_one_of_them(tmp_path: Path) -> None:
    script = (
        f"COMMON='--compute_forces false'\n{COMMAND} $COMMON\npython run_train.py --config d.yaml $COMMON\n"
    )
    (tmp_path / "c.yaml").write_text(RUN, encoding="utf-8")
    (tmp_path / "train.sh").write_text(script, encoding="utf-8")

    main(["validate", str(tmp_path / "c.yaml"), "--no-data", "--fix"])

    assert (tmp_path / "train.sh").read_text(encoding="utf-8") == script
