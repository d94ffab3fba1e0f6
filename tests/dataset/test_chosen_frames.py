"""A choice of the frames of a file: spread over all of it, and read as they are when all are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.cli.main import main
from mace_scf.dataset import engines
from mace_scf.dataset.frames import read_frames, stretches

CONFIG = """
heads:
  Default:
    info_keys: {total_charge: total_charge}
    arrays_keys: {atomic_multipoles: charges}
train_file: train.xyz
"""
FRAME = """2
Properties=species:S:1:pos:R:3:charges:R:1 pbc="F F F" total_charge={}
O 0.0 0.0 {} 0.5
H 0.0 0.0 1.0 -0.5
"""


@given(st.integers(0, 5000), st.integers(20, 200), st.integers(2, 20))
def test_stretches_reach_from_the_first_frame_to_the_last(frames: int, most: int, count: int) -> None:
    found = stretches(frames, most, count)
    chosen = [frame for stretch in found for frame in stretch]

    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(frames, most // count * count) if frames > most else len(chosen) == frames
    assert not frames or (chosen[0], chosen[-1]) == (0, frames - 1)


@pytest.mark.parametrize("worth", [0, 1 << 40], ids=["machine code", "Python"])
def test_chosen_frames_are_those_of_the_file(
    worth: int, frames: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not worth:
        pytest.importorskip("numba", reason="the extra [fast] is not installed")
    monkeypatch.setattr(engines, "WORTH_LOADING", worth)
    path = tmp_path / "damaged.xyz"
    path.write_text("".join([*frames[:50], "nonsense\n", *frames[50:], "\n", frames[0]]))
    everything = {frame.frame: frame for frame in read_frames(str(path))}
    wanted = [range(3), range(40, 60), range(99, 100), range(200, 100_000)]

    chosen = {frame.frame: frame for frame in read_frames(str(path), wanted)}

    assert list(chosen) == [number for number in everything if any(number in some for some in wanted)]
    assert len(chosen) > 20
    for number, frame in chosen.items():
        same = everything[number]
        assert (frame.info, frame.lattice, frame.pbc) == (same.info, same.lattice, same.pbc)
        assert all((frame.arrays[key] == same.arrays[key]).all() for key in same.arrays)


def test_what_goes_wrong_at_the_end_of_a_long_file_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    charges = [0] * 2900 + [1] * 200
    text = "".join(FRAME.format(charge, number / 10_000) for number, charge in enumerate(charges))
    (tmp_path / "train.xyz").write_text(text)
    (tmp_path / "run.yaml").write_text(CONFIG)

    main(["validate", str(tmp_path / "run.yaml"), "--values", "--no-launcher", "--format", "json"])

    found = json.loads(capsys.readouterr().out)["findings"]
    (contradiction,) = [one for one in found if one["code"] == "D222" and "charge" in one["message"]]
    assert any("2900" in note or "frame 29" in note for note in contradiction["notes"])
