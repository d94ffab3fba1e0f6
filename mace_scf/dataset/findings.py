"""A profile's damage as diagnostics: where, how often, and what the trainer's loader makes of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mace_scf.diagnostics import Diagnostic, Severity, Span

from .damage import KINDS, Example, Finding
from .facts import FileFacts
from .place import Place
from .profile import DatasetProfile

_ALSO = 2  # further places named in a note
# Damage of the frame walk: what follows depends on the whole file, so the loader's verdict says it.
_WALK_CODES = frozenset({"D901", "D902", "D903", "D904", "D905", "D906", "D908", "D909", "D932", "D937"})


def diagnostics(profile: DatasetProfile) -> tuple[Diagnostic, ...]:
    """One finding for every kind of damage, the gravest file facts in its notes."""
    return tuple(_diagnostic(profile, profile.damage[code]) for code in sorted(profile.damage))


def loader_sentence(facts: FileFacts, *, frames: int) -> str:
    """What the trainer's loader does with a file of ``frames`` frames."""
    verdict = facts.verdict
    if verdict.error:
        where = f" at frame {verdict.frame}" if verdict.frame is not None else ""
        return f"ASE stops{where} with {verdict.error}; no frame is used"
    if verdict.frames != frames:
        return f"ASE reads {_grouped(verdict.frames)} of {_grouped(frames)} frames and reports no error"
    unsure = "" if verdict.certain else ", if the numbers of the atom lines are sound"
    return f"ASE reads all {_grouped(frames)} frames{unsure}"


def _diagnostic(profile: DatasetProfile, finding: Finding) -> Diagnostic:
    kind, first = KINDS[finding.code], finding.examples[0]
    facts = profile.files.get(first.place.file)
    sentence = loader_sentence(facts, frames=_headers(profile, facts)) if facts is not None else ""
    times = f" ({_grouped(finding.count)} times)" if finding.count > 1 else ""
    when = sentence if finding.code in _WALK_CODES else kind.when
    return Diagnostic(
        code=kind.code,
        slug=kind.slug,
        severity=_severity(kind.severity, finding.code, facts),
        message=f"{kind.phrase}{times}: {first.detail or _where(first.place)}",
        span=Span(first.place.file, first.line, 0, first.line, len(first.excerpt)),
        notes=tuple(_notes(finding.examples, sentence if when != sentence else "")),
        when=when,
        help=kind.help,
    )


def _severity(severity: Severity, code: str, facts: FileFacts | None) -> Severity:
    """A walk that ASE survives whole is no error."""
    survives = facts is not None and not facts.verdict.error and facts.verdict.frames >= facts.frames
    return min(severity, Severity.WARNING) if code in _WALK_CODES and survives else severity


def _headers(profile: DatasetProfile, facts: FileFacts | None) -> int:
    """Frames of a file by our walk, the damaged ones included."""
    lost = sum(
        profile.damage[code].count for code in ("D903", "D904", "D905", "D906") if code in profile.damage
    )
    return 0 if facts is None else facts.frames + (lost if len(profile.files) == 1 else 0)


def _notes(examples: Iterable[Example], sentence: str) -> Iterator[str]:
    first, *others = examples
    text = f": {first.excerpt}" if first.excerpt else ""
    yield f"frame {first.place.frame}, line {first.line + 1}, byte {first.offset}{text}"
    if others:
        yield "also " + "; ".join(_where(other.place) for other in others[:_ALSO])
    if sentence:
        yield sentence


def _where(place: Place) -> str:
    return f"frame {place.frame}" + (f", atom {place.atom}" if place.atom >= 0 else "")


def _grouped(number: int) -> str:
    """Thousands apart by a thin space-like blank: ``56 702``."""
    return f"{number:,}".replace(",", " ")
