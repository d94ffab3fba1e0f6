"""Configs that a launcher writes by here-documents: read there, and spoken of at their places in the script."""

from __future__ import annotations

from pathlib import Path

import pytest

import mace_scf
from mace_scf.cli.main import main
from mace_scf.diagnostics import Diagnostic, Report
from mace_scf.resolve import ValidatedStage

CONFIG = """name: water
model: MACE
train_file: train.xyz
error_table: PerAtomRMSE
hidden_irreps: 32x0e
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0:
    name: first
    start: 0
    end: 9
    lr: LR
    loss: {energy_per_atom: 1.0, forces: WEIGHT}
"""
COMMAND = "mace_scf_train --config config.yaml\n"


def script(
    folder: Path, head: str = "<<EOF", *, before: str = "", lr: str = "0.01", weight: str = "10.0"
) -> Path:
    """A launcher that writes the config and trains it."""
    text = CONFIG.replace("LR", lr).replace("WEIGHT", weight)
    path = folder / "train.sh"
    path.write_text(f"#!/bin/bash\n{before}cat > config.yaml {head}\n{text}EOF\n{COMMAND}", encoding="utf-8")
    return path


def report(path: Path) -> Report[ValidatedStage]:
    """The report on what the launcher trains."""
    return mace_scf.validate(path.parent / "config.yaml", launcher=path, data=False)


def shown(finding: Diagnostic, path: Path) -> str:
    """The characters of the script at the place of a finding."""
    assert finding.span is not None
    assert finding.span.file == str(path)
    line = path.read_text(encoding="utf-8").split("\n")[finding.span.line]
    return line[finding.span.column : finding.span.end_column]


@pytest.mark.parametrize("head", ["<<EOF", "<<'EOF'", '<<"EOF"'])
def test_a_finding_stands_in_the_script(tmp_path: Path, head: str) -> None:
    path = script(tmp_path, head, weight="10")

    (finding,) = report(path).findings

    assert (finding.code, shown(finding, path)) == ("L102", "10")


def test_a_sound_config_is_sound(tmp_path: Path) -> None:
    found = report(script(tmp_path))

    assert found.ok
    assert [stage.name for stage in found.stages] == ["first"]


def test_a_known_variable_counts_with_its_value(tmp_path: Path) -> None:
    path = script(tmp_path, before="RATE=1e-3\n", lr="$RATE")

    (finding,) = report(path).findings

    assert (finding.code, shown(finding, path)) == ("C120", "$RATE")
    assert finding.fix is None  # it stands elsewhere than in the here-document


def test_in_quotes_a_dollar_is_a_dollar(tmp_path: Path) -> None:
    path = script(tmp_path, "<<'EOF'", before="RATE=0.001\n", lr="$RATE")

    assert [finding.code for finding in report(path).findings] == ["C110"]


@pytest.mark.parametrize("lr", ["$1", "${RATE}", "$(cat rate)", "1.0e-$N", "'$N'", "`cat rate`"])
def test_what_only_the_running_script_knows_is_unknown(tmp_path: Path, lr: str) -> None:
    found = report(script(tmp_path, lr=lr))

    assert found.findings == ()
    assert any("in the here-document of" in phrase for phrase in found.not_seen)


def test_an_unknown_option_is_unknown_and_not_its_default(tmp_path: Path) -> None:
    path = script(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("hidden_irreps: 32x0e\n", "hidden_irreps: $IRREPS\nbatch_size: $SIZE\n"),
        encoding="utf-8",
    )

    found = report(path)

    assert found.ok
    assert not found.stages[0].settings["batch_size"].known


def test_tabs_in_front_are_taken_away(tmp_path: Path) -> None:
    path = script(tmp_path, weight="10")
    head, body, rest = path.read_text(encoding="utf-8").partition(
        CONFIG.replace("LR", "0.01").replace("WEIGHT", "10")
    )
    tabs = "".join(f"\t{line}\n" for line in body.splitlines())
    path.write_text(head.replace("<<EOF", "<<-EOF") + tabs + rest, encoding="utf-8")

    (finding,) = report(path).findings

    assert (finding.code, shown(finding, path)) == ("L102", "10")


def test_a_fix_is_written_into_the_here_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = script(tmp_path, before="RATE=0.1\n", lr="$RATE", weight="10")

    assert main(["validate", "--no-data", "--fix", "train.sh"]) == 0

    assert "forces: 10.0}" in path.read_text(encoding="utf-8")
    assert not (tmp_path / "config.yaml").exists()


def test_every_text_of_a_name_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = (CONFIG.replace("LR", "0.01").replace("WEIGHT", weight) for weight in ("1", "2"))
    text = "".join(f"cat > config.yaml <<EOF\n{each}EOF\n{COMMAND}" for each in (first, second))
    (tmp_path / "train.sh").write_text(text, encoding="utf-8")

    assert main(["validate", "--no-data", "train.sh"]) == 1

    lines = [line for line in capsys.readouterr().out.splitlines() if "L102" in line]
    assert [line.split(":")[1] for line in lines] == ["17", "36"]


def test_what_is_added_to_a_file_belongs_to_it(tmp_path: Path) -> None:
    path = script(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(COMMAND, f"cat >> config.yaml <<EOF\nsed: 5\nEOF\n{COMMAND}"), encoding="utf-8"
    )

    (finding,) = report(path).findings

    assert (finding.code, shown(finding, path)) == ("C101", "sed")


def test_it_is_said_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    script(tmp_path)
    (tmp_path / "config.yaml").write_text("model: MACE\n", encoding="utf-8")

    main(["validate", "--no-data", "train.sh"])
    in_place = capsys.readouterr().out
    main(["validate", "--no-data", "config.yaml"])
    by_name = capsys.readouterr().out

    assert "config.yaml as train.sh:2:1 writes it; the file of that name not read" in in_place
    assert "[R112] the launcher writes `config.yaml` anew" in by_name


def test_a_name_that_only_the_script_knows_is_followed_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = script(tmp_path, weight="10")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("> config.yaml", '> "$RUN/c.yaml"').replace(
            "--config config.yaml", '--config "$RUN/c.yaml"'
        ),
        encoding="utf-8",
    )

    assert main(["validate", "--no-data", "train.sh"]) == 1

    assert "train.sh:18:42: error[L102]" in capsys.readouterr().out


def test_a_comment_in_it_silences_once(tmp_path: Path) -> None:
    path = script(tmp_path, weight="10")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("forces: 10}", "forces: 10} # mace-scf: ignore[L102] later"), encoding="utf-8"
    )

    assert report(path).findings == ()


def test_damage_stands_in_the_script(tmp_path: Path) -> None:
    path = script(tmp_path, weight="[10")

    found = report(path)

    assert found.unreadable
    assert [finding.code for finding in found.findings] == ["C001"]
    assert found.findings[0].span is not None
    assert found.findings[0].span.file == str(path)
