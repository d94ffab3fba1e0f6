"""Makes the data files of the examples again: python make_data.py --family fixed_point (or all of them).

Needs the packages of requirements.txt and under twenty minutes on one core for all families.
The same seed gives the same geometries and labels, up to the last digits that the platform decides.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from generate.families import FAMILIES, Family
from generate.finite_differences import check
from generate.frame import write_frames

HERE = Path(__file__).resolve().parent


def main() -> None:
    arguments = _parser().parse_args()
    for name in FAMILIES if arguments.family == "all" else [arguments.family]:
        folder = arguments.output / name / "data"
        if arguments.check:
            _report(FAMILIES[name], folder)
        else:
            _generate(FAMILIES[name], folder, arguments.seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--family", choices=[*FAMILIES, "all"], default="all")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--output", type=Path, default=HERE, help="folder that holds the families' folders")
    parser.add_argument(
        "--check", action="store_true", help="compare the files' labels with finite differences instead"
    )
    return parser


def _generate(family: Family, folder: Path, seed: int) -> None:
    for stream, split in enumerate(family.splits):
        path = folder / f"{split}.xyz"
        # One stream per file: changing one file's recipe leaves the others as they are.
        write_frames(path, family.make(split, np.random.default_rng([seed, family.number, stream])))
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    energies = ", ".join(f"{number}: {energy:.6f}" for number, energy in family.atom_energies().items())
    print(f"{folder.parent.name}: E0s in eV: {{{energies}}}")


def _report(family: Family, folder: Path) -> None:
    for split in family.splits:
        for label, deviation in check(folder / f"{split}.xyz", family.labelled_by).items():
            print(f"{folder.parent.name}/{split}.xyz {label}: largest deviation {deviation:.1e}")


if __name__ == "__main__":
    main()
