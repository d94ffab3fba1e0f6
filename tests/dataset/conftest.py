"""Files that several tests of this room read."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

# The generators lie beside the package; `pytest` alone does not put the repository on the path.
sys.path.insert(0, str(Path(__file__).parents[2]))

FRAME_LINE = 'Lattice="{a} 0 0 0 {a} 0 0 0 {a}" '


def frame_text(source: random.Random) -> str:
    """One sound frame with labels that come and go."""
    size = source.randint(1, 6)
    info = "Properties=species:S:1:pos:R:3:REF_forces:R:3"
    if source.random() < 0.6:
        info = FRAME_LINE.format(a=source.choice(("8.0", "9.5", "12"))) + info
    if source.random() < 0.8:
        info += f" REF_energy={source.gauss(-10.0, 3.0)!r}"
    if source.random() < 0.3:
        info += f' REF_dipole="{source.random()!r} 1e-3 -2" config_dipole_weight="1 {source.randint(0, 1)} 0"'
    info += (
        f" config_type={source.choice(('bulk', 'slab', 'IsolatedAtom'))} total_charge={source.randint(-1, 1)}"
    )
    if source.random() < 0.1:
        info += source.choice((" flag", " x=nan", " REF_energy=1", " w=-1.5eV", ' v="1,2"'))
    rows = [_row(source) for _ in range(size)]
    return "\n".join([str(size), info, *rows]) + "\n"


def _row(source: random.Random) -> str:
    numbers = [f"{source.gauss(0.0, 2.0):16.8f}" for _ in range(6)]
    if source.random() < 0.02:
        numbers[source.randrange(6)] = source.choice(("nan", "-inf", "1e-300", "12345678901234567890"))
    return f"{source.choice(('H', 'O', 'Cl')):<2} " + " ".join(numbers)


@pytest.fixture(scope="session")
def frames() -> list[str]:
    """A hundred and fifty frames."""
    source = random.Random(7)
    return [frame_text(source) for _ in range(150)]


@pytest.fixture(scope="session")
def mixed_file(frames: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them in one file."""
    path = tmp_path_factory.mktemp("mixed") / "mixed.xyz"
    path.write_text("".join(frames))
    return path
