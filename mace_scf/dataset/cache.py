"""Profiles kept between runs, under the content hash of the file; size, time and inode are an alias of it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import attrs

from .card import from_dict, to_dict
from .folders import cache_folder
from .hashing import Running, hash_method
from .profile import DatasetProfile
from .readers.streams import BROKEN, is_compressed, is_damage, open_binary

if TYPE_CHECKING:
    from .scan import Progress

Trust = Literal["stat", "content", "tail", "scanned"]
_CHUNK = 4 << 20
_PROFILER = 3  # part of the key: older profiles are not used after the profiler has changed


@attrs.frozen
class Cached:
    """A profile and what it was taken from.

    Attributes:
        profile: of the file.
        trust: ``stat``: size, time and inode are as they were; ``content``: all bytes were hashed and are
            as they were; ``tail``: the old bytes were hashed, and what was appended was read; ``scanned``.
    """

    profile: DatasetProfile
    trust: Trust


def default_folder() -> Path:
    """Where profiles are kept unless told otherwise."""
    return cache_folder() / "profiles"


def cached_profile(
    path: str,
    *,
    folder: Path | None = None,
    values: bool = False,
    verify: bool = False,
    progress: Progress | None = None,
) -> Cached:
    """The profile of a file, read from the file only as far as it has changed.

    Args:
        path: the file.
        folder: where profiles are kept.
        values: a profile of all numbers.
        verify: hash the content even where size, time and inode are as they were.
        progress: see :func:`.scan`.
    """
    store = _Store(folder or default_folder(), values=values)
    alias = store.alias(path)
    if alias is not None and not verify and alias["stat"] == _stat(path):
        profile = store.load(alias["hash"], path)
        if profile is not None:
            return Cached(profile, "stat")
    grown = alias is not None and alias["stat"][0] < os.stat(path).st_size
    if grown or store.has_size(os.stat(path).st_size):
        known = _known_by_content(path, store, alias if grown else None, values=values)
        if known is not None:
            return known
    from .scan import scan_file  # where nothing has changed, nobody pays for loading it

    before = _stat(path)
    profile = scan_file(path, values=values, progress=progress)
    content = profile.files[path].content_hash
    if content and before == _stat(path):  # what somebody writes to meanwhile is read again the next time
        store.save(path, content, profile)
    return Cached(profile, "scanned")


def _known_by_content(path: str, store: _Store, old: dict[str, Any] | None, *, values: bool) -> Cached | None:
    """What a kept profile says of the content, or of the content up to the size that the file once had."""
    content, prefix = _hashes(path, old["stat"][0] if old is not None else None)
    profile = store.load(content, path) if content else None
    if profile is not None:
        store.note(path, content)
        return Cached(profile, "content")
    if old is not None and prefix and prefix == old["hash"]:
        profile = _with_tail(path, store.load(prefix, path), old["stat"][0], content, values=values)
        if profile is not None:
            store.save(path, content, profile)
            return Cached(profile, "tail")
    return None


class _Store:
    """The folder."""

    def __init__(self, folder: Path, *, values: bool) -> None:
        self.folder, self.suffix = folder, f"{_PROFILER}{'v' if values else 'h'}"

    def alias(self, path: str) -> dict[str, Any] | None:
        return _read_json(self._alias_file(path))

    def has_size(self, size: int) -> bool:
        """Whether a profile of a file of this size is kept; if not, its content need not be hashed."""
        return (self.folder / f"size-{size}-{self.suffix}").exists()

    def load(self, content: str, path: str) -> DatasetProfile | None:
        """The profile of some content, its places in ``path``."""
        data = _read_json(self._profile_file(content))
        if data is None:
            return None
        try:
            data["file_names"] = [path]
            data["files"][0]["path"] = path
            return from_dict(data)
        except (KeyError, ValueError, IndexError, TypeError):
            return None  # written by another version, or cut off: scan again

    def save(self, path: str, content: str, profile: DatasetProfile) -> None:
        _write_json(self._profile_file(content), to_dict(profile))
        _write_json(self.folder / f"size-{os.stat(path).st_size}-{self.suffix}", {})
        self.note(path, content)

    def note(self, path: str, content: str) -> None:
        _write_json(self._alias_file(path), {"stat": _stat(path), "hash": content})

    def _alias_file(self, path: str) -> Path:
        name = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:32]
        return self.folder / f"path-{name}-{self.suffix}.json"

    def _profile_file(self, content: str) -> Path:
        return self.folder / f"{content.replace(':', '-')}-{self.suffix}.json"


def _with_tail(
    path: str, old: DatasetProfile | None, size: int, content: str, *, values: bool
) -> DatasetProfile | None:
    """The old profile and that of what was appended; ``None`` where the old end is not certain."""
    if old is None or old.damage.keys() - {"D924", "D911", "D916"} or not _ends_in_one_newline(path, size):
        return None
    from .scan import Part, scan_file

    line = 2 * old.frames + old.atoms
    part = Part(size, os.stat(path).st_size - size, old.frames, line)
    merged = old.merge(scan_file(path, values=values, part=part))
    facts = attrs.evolve(merged.files[path], content_hash=content)
    return attrs.evolve(merged, files={path: facts})


def _ends_in_one_newline(path: str, size: int) -> bool:
    """A frame ends here, and no blank line follows it."""
    if is_compressed(path) or size < 2:
        return False
    with open(path, "rb") as stream:
        stream.seek(size - 2)
        last = stream.read(2)
    return last[1:] == b"\n" and not last[:1].isspace()


def _hashes(path: str, size: int | None) -> tuple[str, str]:
    """Hash of the content, and of its first ``size`` bytes, in the form of ``FileFacts.content_hash``.

    Of a broken compressed file nothing.
    """
    method = hash_method()
    whole, prefix, left = method.running(), "", size
    try:
        with open_binary(path) as stream:
            while chunk := stream.read(_CHUNK if not left else min(_CHUNK, left)):
                whole.update(chunk)
                if left is not None:
                    left -= len(chunk)
                    if left == 0:
                        prefix, left = _named(method.name, whole), None
    except (*BROKEN, OSError) as error:
        if not is_damage(error):
            raise
        return "", ""
    return _named(method.name, whole), prefix


def _named(method: str, digest: Running) -> str:
    return f"{method}:{digest.hexdigest()}"


def _stat(path: str) -> list[int]:
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _read_json(file: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _write_json(file: Path, data: dict[str, Any]) -> None:
    """Whole or not at all; a folder that cannot be written to is no reason to fail."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}.part")
        fresh.write_text(json.dumps(data), encoding="utf-8")
        fresh.replace(file)
    except OSError:
        return
