"""What somebody meets who comes in from Python: short representations, a report as text, one clear ImportError."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

import mace_scf
from mace_scf.cli.main import main
from mace_scf.loss import Breakdown, LossConfigError, LossEngine

ROOT = Path(__file__).parents[1]
BROKEN = "examples/broken/05-stress-with-fixed-point.yaml"


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def breakdown() -> Breakdown:
    return LossEngine.from_config({"energy_per_atom": 1.0, "forces": 10.0})(
        {"ptr": torch.tensor([0, 2]), "energy": torch.zeros(1), "forces": torch.zeros(2, 3)},
        {"energy": torch.ones(1), "forces": torch.ones(2, 3)},
    )


def test_a_report_shows_itself_in_one_short_line() -> None:
    clean = repr(mace_scf.validate("examples/fixed_point/config.yaml", data=False))

    assert repr(mace_scf.validate(BROKEN, data=False)) == "Report(1 error; stages: first)"
    assert clean == "Report(no findings; stages: direct, self_consistent)"
    assert repr(mace_scf.Report(unreadable=True)) == "Report(unreadable; no findings; stages: none)"


def test_a_report_as_text_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "--no-data", BROKEN])

    assert mace_scf.report_text(mace_scf.validate(BROKEN, data=False)) == capsys.readouterr().out


def test_a_report_on_a_mapping_has_a_text_without_quotations() -> None:
    text = mace_scf.report_text(
        mace_scf.validate({"train_schedule": {0: {"name": "a", "loss": {"forcess": 1.0}}}})
    )

    assert "error[L101] unknown loss term `forcess`" in text
    assert "^" not in text


def test_a_part_of_a_breakdown_is_found_by_name() -> None:
    found = breakdown()

    assert found["forces"].weight == 10.0
    assert found["forces"].raw.item() == pytest.approx(1.0)
    assert "forces" in found
    assert "stress" not in found
    assert len(found) == 2
    with pytest.raises(KeyError, match="no term `stress` in this breakdown: energy_per_atom, forces"):
        found["stress"]


@pytest.mark.parametrize(
    ("how", "missing"),
    [
        ("sys.modules['torch'] = None", "torch"),
        ("sys.path[:] = [p for p in sys.path if 'site-packages' not in p]", "torch"),
        ("sys.modules['numpy'] = None", "numpy"),
    ],
)
def test_without_its_libraries_the_loss_room_says_what_to_install(how: str, missing: str) -> None:
    script = f"import sys, attrs, rich; {how}\ntry:\n import mace_scf.loss\nexcept ImportError as error:\n print(error)"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.stdout == (
        f"mace_scf.loss needs {missing}, the extra `loss`: from a checkout of mace-scf, pip install -c constraints.txt '.[loss]'\n"
    ), done.stderr


def test_a_path_is_no_loss_and_the_way_from_a_config_is_told() -> None:
    with pytest.raises(
        LossConfigError, match=r"not str; of a config file: LossEngine\.from_stage\(mace_scf\.validate"
    ):
        LossEngine.from_config("config.yaml")  # type: ignore[arg-type]
    with pytest.raises(LossConfigError, match=r"not list$"):
        LossEngine.from_config(["forces"])  # type: ignore[arg-type]
