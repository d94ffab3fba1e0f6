"""The laws of profiles: merging, splitting, the three engines, the card, the cache."""

from __future__ import annotations

import itertools
import json
import math
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mace_scf.dataset import DatasetProfile, merge_profiles, scan_file
from mace_scf.dataset.cache import cached_profile
from mace_scf.dataset.card import card_lines, from_dict, to_dict, write_card
from mace_scf.dataset.decimals import MARGIN
from mace_scf.dataset.distribute import plan_parts, scan_parts
from mace_scf.dataset.exact import exact_weighted_sums, nearest_float
from mace_scf.dataset.moments import Moments
from mace_scf.dataset.place import Place
from mace_scf.dataset.scan import Part
from tests.dataset.single_numbers import exact_sum, moments_of

READ, INTEGER, HARD = 0, 1, 3  # what the compiled reader says of a word
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def without_hash(profile: DatasetProfile) -> DatasetProfile:
    """The content hash belongs to a whole file and is no part of the laws."""
    files = {path: attrs.evolve(facts, content_hash="") for path, facts in profile.files.items()}
    return attrs.evolve(profile, files=files)


def parts_at(frames: list[str], cuts: list[int]) -> list[Part]:
    """The stretches between some frame borders."""
    parts = []
    for first, last in itertools.pairwise([0, *cuts, len(frames)]):
        before, own = "".join(frames[:first]), "".join(frames[first:last])
        parts.append(Part(len(before), len(own), first, before.count("\n")))
    return parts


@pytest.fixture(scope="module")
def single_frames(mixed_file: Path, frames: list[str]) -> list[DatasetProfile]:
    """A profile of every frame alone."""
    cuts = list(range(1, len(frames)))
    return [
        scan_file(str(mixed_file), values=True, part=part, engine="plain") for part in parts_at(frames, cuts)
    ]


def test_any_order_and_grouping_of_frames_gives_the_same_bits(
    mixed_file: Path, single_frames: list[DatasetProfile]
) -> None:
    whole = without_hash(scan_file(str(mixed_file), values=True))
    source = random.Random(1)

    for _ in range(12):
        order = source.sample(single_frames, len(single_frames))
        cuts = sorted(source.sample(range(1, len(order)), source.randint(1, 6)))
        groups = [order[first:last] for first, last in itertools.pairwise([0, *cuts, len(order)])]
        assert merge_profiles(map(merge_profiles, groups)) == whole


@pytest.mark.parametrize("engine", ["plain", "numpy", "compiled"])
def test_every_engine_gives_the_same_bits_for_any_split(
    engine: str, mixed_file: Path, frames: list[str]
) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="the extra [fast] is not installed")
    whole = without_hash(scan_file(str(mixed_file), values=True, engine="plain"))
    source = random.Random(2)

    for _ in range(4):
        cuts = sorted(source.sample(range(1, len(frames)), 3))
        parts = [
            scan_file(str(mixed_file), values=True, engine=engine, part=part)
            for part in source.sample(parts_at(frames, cuts), 4)
        ]
        assert merge_profiles(parts) == whole


def test_merging_is_commutative_associative_and_has_an_identity(single_frames: list[DatasetProfile]) -> None:
    a, b, c = single_frames[:3]

    assert a.merge(b) == b.merge(a)
    assert a.merge(b).merge(c) == a.merge(b.merge(c))
    assert a.merge(DatasetProfile()) == a == DatasetProfile().merge(a)


def test_thousands_of_random_splits_keep_the_same_counts(single_frames: list[DatasetProfile]) -> None:
    few = single_frames[:6]
    whole = merge_profiles(few)
    source = random.Random(3)

    for _ in range(1000):
        cut = source.randint(1, 5)
        order = source.sample(few, 6)
        assert merge_profiles(order[:cut]).merge(merge_profiles(order[cut:])) == whole


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent / "malformed").glob("*.xyz")), ids=lambda p: p.stem
)
def test_the_fast_engines_agree_with_the_plain_one_on_damage(engine: str, path: Path) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="the extra [fast] is not installed")

    fast = scan_file(str(path), values=True, engine=engine)

    assert fast == scan_file(str(path), values=True, engine="plain")


def test_planned_parts_cover_the_file_and_merge_to_the_whole(mixed_file: Path) -> None:
    whole = scan_file(str(mixed_file))

    parts = plan_parts(str(mixed_file), size=5000)

    assert len(parts) > 5
    assert sum(part.size for part in parts) == mixed_file.stat().st_size
    assert scan_parts(str(mixed_file), parts[::-1]) == without_hash(whole)


def test_a_card_gives_the_profile_back(mixed_file: Path, tmp_path: Path) -> None:
    profile = scan_file(str(mixed_file), values=True)
    card = tmp_path / "train.dataset.yaml"

    write_card(profile, card)

    assert from_dict(card_lines(card.read_text(encoding="utf-8"))) == profile
    assert from_dict(json.loads(json.dumps(to_dict(profile)))) == profile


def test_a_card_is_yaml(mixed_file: Path, tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    card = tmp_path / "train.dataset.yaml"
    write_card(scan_file(str(mixed_file)), card)

    data = YAML(typ="safe").load(card)

    assert data["frames"] == 150


def test_the_cache_says_what_it_trusted(mixed_file: Path, tmp_path: Path, frames: list[str]) -> None:
    path, folder = tmp_path / "train.xyz", tmp_path / "cache"
    path.write_text("".join(frame for frame in frames if "REF_forces" in frame and _sound(frame)))

    def look(*, verify: bool = False) -> tuple[str, DatasetProfile]:
        cached = cached_profile(str(path), folder=folder, values=True, verify=verify)
        return cached.trust, cached.profile

    first, again, verified = look(), look(), look(verify=True)
    with path.open("a") as stream:
        stream.write(next(filter(_sound, frames)))
    longer = look()

    assert (first[0], again[0], verified[0], longer[0]) == ("scanned", "stat", "content", "tail")
    assert first[1] == again[1] == verified[1]
    assert longer[1] == scan_file(str(path), values=True)


def test_an_unchanged_file_is_known_without_the_scanner_and_numpy(mixed_file: Path, tmp_path: Path) -> None:
    cached_profile(str(mixed_file), folder=tmp_path)
    code = (
        "import sys; from pathlib import Path; from mace_scf.dataset.cache import cached_profile;"
        "assert cached_profile(sys.argv[1], folder=Path(sys.argv[2])).trust == 'stat';"
        "assert not {'numpy', 'numba', 'ase', 'mace_scf.dataset.scan'} & set(sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(mixed_file), str(tmp_path)], check=False, capture_output=True
    )

    assert done.returncode == 0, done.stderr


def _sound(frame: str) -> bool:
    return not any(odd in frame for odd in ("flag", "x=", "eV", "1,2", "REF_energy=1\n", "inf", "nan"))


def test_a_file_of_a_size_never_seen_is_read_once(
    mixed_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hashes(*_: object) -> tuple[str, str]:
        raise AssertionError("read to be hashed, though no profile can fit")

    monkeypatch.setattr("mace_scf.dataset.cache._hashes", hashes)

    cached = cached_profile(str(mixed_file), folder=tmp_path)

    assert cached.trust == "scanned"


def test_a_copy_is_known_by_its_content(mixed_file: Path, tmp_path: Path) -> None:
    folder, copy = tmp_path / "cache", tmp_path / "copy.xyz"
    copy.write_bytes(mixed_file.read_bytes())
    cached_profile(str(mixed_file), folder=folder)

    cached = cached_profile(str(copy), folder=folder)

    assert cached.trust == "content"
    assert cached.profile == scan_file(str(copy))


@settings(max_examples=200, deadline=None)
@given(st.lists(FINITE, max_size=30))
def test_exact_sums_are_those_of_fractions(values: list[float]) -> None:
    import numpy as np

    expected, ones = sum(map(Fraction, values), Fraction(0)), np.ones((len(values), 1), dtype=np.int64)

    assert Fraction(exact_sum(values), 2**1074) == expected
    assert exact_weighted_sums(np.array(values, dtype=float), ones) == [exact_sum(values)]


def test_nearest_float_rounds_like_fsum() -> None:
    values = [0.1] * 10 + [1e16, 1.0, -1e16]

    assert nearest_float(exact_sum(values)) == math.fsum(values)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(), min_size=1, max_size=40), st.integers(0, 40))
def test_moments_of_arrays_are_those_of_single_numbers(values: list[float], cut: int) -> None:
    import numpy as np

    from mace_scf.dataset.accumulate import array_moments

    expected = moments_of([(value, Place("f", 0, atom)) for atom, value in enumerate(values)])

    array, atoms = np.array(values), np.arange(len(values))
    frames = np.zeros(len(values), dtype=np.int64)
    parts = [
        array_moments(array[own], "f", frames[own], atoms[own]) if array[own].size else Moments()
        for own in (slice(0, cut), slice(cut, None))
    ]
    assert parts[0].merge(parts[1]) == expected


@pytest.mark.parametrize(
    "extremes",
    [
        (2.0**22 * (1 - 2.0**-53), 2.0**-27),
        (-(2.0**22) * (1 - 2.0**-53), -(2.0**-27) * (1 + 2.0**-52), 0.0),
        (2.0**22, 1.0),
        (2.0**-28, 1.0),
        (5e-324, 0.0),
    ],
)
def test_many_numbers_at_the_edges_of_what_can_be_split(extremes: tuple[float, ...]) -> None:
    import numpy as np

    from mace_scf.dataset.accumulate import array_moments

    source = random.Random(9)
    values = [source.choice((*extremes, source.gauss(0.0, 100.0))) for _ in range(3000)] + [
        extremes[0]
    ] * 7000
    frames = np.arange(len(values))

    expected = moments_of([(value, Place("f", frame)) for frame, value in enumerate(values)])

    assert array_moments(np.array(values), "f", frames) == expected


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        FINITE.map(repr),
        FINITE.map("{:.8f}".format),
        st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{0,25})?(e-?[0-9]{1,3})?", fullmatch=True),
    )
)
def test_compiled_numbers_are_rounded_as_pythons(word: str) -> None:
    pytest.importorskip("numba", reason="the extra [fast] is not installed")
    import numpy as np

    from mace_scf.dataset.kernels.load import address, kernels

    data, out = np.frombuffer(word.encode() + bytes(MARGIN), dtype=np.uint8), np.zeros(1)
    status = kernels()["read_decimal"](address(data), 0, len(word), address(out))

    assert status == HARD or (status in (READ, INTEGER) and out[0] == float(word))


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_any_byte_anywhere_in_a_value_is_taken_as_the_plain_engine_takes_it(
    engine: str, quote: str, tmp_path: Path
) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="the extra [fast] is not installed")
    path = tmp_path / "bytes.xyz"
    start, end = (
        f"1\nProperties=species:S:1:pos:R:3 name={quote}".encode(),
        f"{quote} e=1.5\nH 0 0 0\n".encode(),
    )
    with path.open("wb") as stream:
        for byte in sorted({*range(256)} - {10, 13}):
            for size, place in ((4, 0), (4, 3), (64, 63), (65, 64), (150, 63), (150, 64), (150, 149)):
                value = b"x" * place + bytes([byte]) + b"x" * (size - place - 1)
                stream.write(start + value + end)

    assert scan_file(str(path), engine=engine) == scan_file(str(path), engine="plain")


def test_python_knows_the_tables_of_the_kernels() -> None:
    pytest.importorskip("numba", reason="the extra [fast] is not installed")
    from mace_scf.dataset import compiled_hashes, compiled_headers, compiled_values, compiled_walk
    from mace_scf.dataset.kernels import atoms, cells, hashes, headers, moments, walk
    from mace_scf.dataset.readers import spans

    pairs = [
        (compiled_walk, walk), (spans, walk), (compiled_headers, headers), (compiled_values, moments),
        (compiled_values, atoms), (compiled_values, cells), (compiled_hashes, hashes),
    ]  # fmt: skip
    shared = [
        (vars(here)[name], vars(there)[name])
        for here, there in pairs
        for name in vars(here)
        if name.isupper() and isinstance(vars(here)[name], int) and name in vars(there)
    ]

    assert len(shared) > 40
    assert [pair for pair in shared if pair[0] != pair[1]] == []


def test_importing_the_room_leaves_numpy_alone() -> None:
    code = "import sys, mace_scf.dataset; assert not {'numpy', 'numba', 'ase'} & set(sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)

    assert done.returncode == 0, done.stderr


def test_a_profile_of_a_few_thousand_keys_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "words.xyz"
    path.write_text("".join(f"1\nProperties=species:S:1:pos:R:3 key{n}=1\nH 0 0 0\n" for n in range(2100)))

    profile = scan_file(str(path))

    assert profile.crowded
    assert not profile.items
    assert len(json.dumps(to_dict(profile))) < 1_000_000


def test_the_kernels_may_come_while_a_file_is_read(
    mixed_file: Path, frames: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba", reason="the extra [fast] is not installed")
    from mace_scf.dataset import batch, engines
    from mace_scf.dataset.kernels import load

    load.kernels()
    asked: list[bool] = []

    def comes_late() -> bool:
        asked.append(len(asked) > 4)
        return asked[-1]

    path = tmp_path / "repeated.xyz"
    path.write_text("".join(frames) * 20)
    monkeypatch.setattr(engines, "WORTH_LOADING", 0)
    monkeypatch.setattr(engines, "WORTH_BUILDING", 0)
    monkeypatch.setattr(engines, "SMALL_FILE", 0)
    monkeypatch.setattr(batch.BatchEngine, "piece", 1 << 16)
    monkeypatch.setattr(load, "is_ready", comes_late)
    monkeypatch.setattr(load, "build_beside", lambda: True)

    changing = scan_file(str(path), values=True)

    assert asked[-1]
    assert changing == scan_file(str(path), values=True, engine="numpy")


def test_a_processor_without_kernels_is_no_reason_to_fail(
    mixed_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba", reason="the extra [fast] is not installed")
    from mace_scf.dataset import engines
    from mace_scf.dataset.kernels import load

    monkeypatch.setattr(engines, "WORTH_LOADING", 0)
    monkeypatch.setattr(engines, "SMALL_FILE", 0)
    monkeypatch.setattr(load, "kernels", lambda: (_ for _ in ()).throw(load.KernelsMissingError("none")))
    monkeypatch.setattr("mace_scf.dataset.compiled_walk.kernels", load.kernels)
    monkeypatch.setattr(load, "is_ready", lambda: True)

    profile = scan_file(str(mixed_file), values=True)

    assert profile == scan_file(str(mixed_file), values=True, engine="plain")
