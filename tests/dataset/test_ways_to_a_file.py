"""Pipes, devices, other compressions, odd names, and files that change while they are read."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mace_scf.cards import read_card
from mace_scf.dataset import cache, data_files, scan_file
from mace_scf.dataset.card import write_card
from mace_scf.errors import UnreadableInputError

FRAME = 'Properties=species:S:1:pos:R:3 REF_energy=-1.0 pbc="F F F"\nO 0.0 0.0 0.0\nH 0.0 0.0 0.97\n'
CLEAN = f"2\n{FRAME}" * 3
PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


@pytest.mark.parametrize(
    "text", [CLEAN, "\ufeff" + CLEAN, CLEAN + "\n" + CLEAN], ids=["clean", "mark", "blank"]
)
def test_a_pipe_has_the_profile_of_what_comes_through_it(tmp_path: Path, text: str) -> None:
    path, pipe = tmp_path / "file.xyz", tmp_path / "pipe.xyz"
    path.write_text(text, encoding="utf-8")
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(text,), kwargs={"encoding": "utf-8"})
    writer.start()

    profile = scan_file(str(pipe), values=True)

    writer.join()
    whole = scan_file(str(path), values=True)
    assert profile.frames == whole.frames
    assert profile.files[str(pipe)].verdict == whole.files[str(path)].verdict
    assert profile.files[str(pipe)].size == path.stat().st_size


def test_a_device_is_refused() -> None:
    with pytest.raises(UnreadableInputError, match="device"):
        scan_file("/dev/zero")


@pytest.mark.parametrize("ending", sorted(PACKED))
def test_compressions_that_ase_reads_are_read(tmp_path: Path, ending: str) -> None:
    plain, packed = tmp_path / "a.xyz", tmp_path / f"a.xyz{ending}"
    plain.write_text("\n" + CLEAN)
    packed.write_bytes(PACKED[ending](plain.read_bytes()))

    profile = scan_file(str(packed))

    whole = scan_file(str(plain))
    assert profile.frames == whole.frames == 3
    assert profile.files[str(packed)].verdict == whole.files[str(plain)].verdict
    assert profile.files[str(packed)].content_hash == whole.files[str(plain)].content_hash
    assert data_files(str(tmp_path)) == [str(plain), str(packed)]


@pytest.mark.parametrize("ending", sorted(PACKED))
@pytest.mark.parametrize("damage", ["cut", "other"])
def test_damage_of_a_compressed_file_is_a_finding(tmp_path: Path, ending: str, damage: str) -> None:
    packed = tmp_path / f"a.xyz{ending}"
    data = PACKED[ending]((CLEAN * 2000).encode())
    packed.write_bytes(data[:-20] if damage == "cut" else b"no such format" * 9)

    profile = scan_file(str(packed))

    assert "D932" in profile.damage
    assert cache.cached_profile(str(packed), folder=tmp_path / "kept").trust == "scanned"


@pytest.mark.parametrize("ending", sorted(PACKED))
def test_a_compressed_file_of_nothing_is_empty_for_ase(tmp_path: Path, ending: str) -> None:
    packed = tmp_path / f"a.xyz{ending}"
    packed.write_bytes(PACKED[ending](b""))

    verdict = scan_file(str(packed)).files[str(packed)].verdict

    assert verdict.error == "UnknownFileTypeError: the file is empty"


@pytest.mark.parametrize("name", ["bad\udcff.xyz", "line\u2028end.xyz", "nel\x85.xyz", "new\nline.xyz"])
def test_names_of_any_bytes_can_be_kept_and_written_to_a_card(tmp_path: Path, name: str) -> None:
    path, card = str(tmp_path / name), tmp_path / "card.dataset.yaml"
    Path(path).write_text(CLEAN)
    profile = cache.cached_profile(path, folder=tmp_path / "kept").profile

    write_card(profile, card)

    text = card.read_text(encoding="utf-8")
    assert read_card(text, file=str(card)).splits[""] == profile
    assert read_card(text + "# by hand\n", file=str(card)).splits[""] == profile
    assert cache.cached_profile(path, folder=tmp_path / "kept").trust == "stat"


def test_texts_with_line_ends_of_unicode_come_back_from_a_card(tmp_path: Path) -> None:
    path, card = tmp_path / "a.xyz", tmp_path / "card.dataset.yaml"
    path.write_text(
        CLEAN.replace("REF_energy", 'config_type="a\x85b\u2028c\ufeffd\x7f" REF_energy'), encoding="utf-8"
    )
    profile = scan_file(str(path))

    write_card(profile, card)

    text = card.read_text(encoding="utf-8")
    assert read_card(text, file=str(card)).splits[""] == profile
    assert read_card("\n" + text.replace(": ", ":  ", 1), file=str(card)).splits[""] == profile


def test_a_file_that_grows_while_it_is_read_is_not_believed_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "a.xyz", tmp_path / "kept"
    path.write_text(CLEAN)

    def meanwhile(_: int) -> None:
        with path.open("a") as file:
            file.write(CLEAN)

    first = cache.cached_profile(str(path), folder=folder, progress=meanwhile)
    second = cache.cached_profile(str(path), folder=folder)

    assert second.trust == "scanned"
    assert second.profile.frames == 6 >= first.profile.frames
