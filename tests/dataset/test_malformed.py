"""Every damaged file is diagnosed, and what is said about the loader is what ASE really does."""

from __future__ import annotations

import warnings
from pathlib import Path

import ase.io
import pytest

from mace_scf.dataset import diagnostics, scan_file
from mace_scf.diagnostics import Severity

FOLDER = Path(__file__).parent / "malformed"
EXPECTED = dict(
    line.split(maxsplit=1) for line in (FOLDER / "expected.txt").read_text().splitlines() if line[0] != "#"
)


def ase_outcome(path: Path) -> tuple[int, str]:
    """Frames that ASE hands on, and the name of its exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return len(ase.io.read(path, index=":")), ""
        except Exception as error:
            return 0, type(error).__name__


def test_every_file_has_an_expectation() -> None:
    files = {path.stem for path in FOLDER.glob("*.xyz")}

    assert files == set(EXPECTED)
    assert len(files) > 66


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_diagnosis_of(name: str) -> None:
    profile = scan_file(str(FOLDER / f"{name}.xyz"), values=True)

    found = [
        f"{code}@{finding.examples[0].place.frame}:{finding.examples[0].line}x{finding.count}"
        for code, finding in sorted(profile.damage.items())
    ]

    assert " ".join(found) == EXPECTED[name].strip().replace("clean", "")


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_verdict_is_what_ase_does_with(name: str) -> None:
    path = FOLDER / f"{name}.xyz"
    frames, error = ase_outcome(path)

    verdict = scan_file(str(path), values=True).files[str(path)].verdict

    assert (verdict.frames, verdict.error.partition(":")[0]) == (frames, error)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_places_lie_inside(name: str) -> None:
    path = FOLDER / f"{name}.xyz"
    data = path.read_bytes()

    profile = scan_file(str(path), values=True)

    for finding in profile.damage.values():
        for example in finding.examples:
            assert 0 <= example.offset <= len(data)
            assert 0 <= example.line <= max(data.count(b"\n"), data.count(b"\r"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_whoever_loses_the_file_is_told_so_as_an_error(name: str) -> None:
    path = FOLDER / f"{name}.xyz"
    frames, error = ase_outcome(path)

    found = diagnostics(scan_file(str(path), values=True))

    if error or frames == 0:
        assert any(finding.severity is Severity.ERROR for finding in found)


def test_a_silent_loss_says_how_many_frames_are_left() -> None:
    path = FOLDER / "blanks-between-frames.xyz"

    (finding,) = diagnostics(scan_file(str(path)))

    assert finding.when == "ASE reads 1 of 3 frames and reports no error"
    assert (finding.code, finding.span.line if finding.span else None) == ("D901", 4)
