"""Shell text inside shell text: `bash -c "..."`, `sbatch --wrap "..."`, `eval`, here-documents.

Its characters remember where they stand in the file, and what is unknown becomes a stand-in.
"""

from __future__ import annotations

from .shell_source import FIRST_HOLE, MOST_HOLES, ShellText
from .shell_values import Piece, Pieces


def assembled(source: ShellText, pieces: Pieces) -> ShellText:
    """A text whose characters know where they stand in the file; holes become stand-ins."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    origins: list[tuple[int, int] | None] = []
    holes: list[Piece] = []
    for piece in pieces:
        text = piece.text
        if piece.hole:
            text = chr(FIRST_HOLE + len(holes) % MOST_HOLES)
            holes.append(piece)
        start, end = piece.place or (piece.start, piece.end)
        exact = end - start == len(text) and not piece.hole and not piece.assigned
        starts += range(start, start + len(text)) if exact else [start] * len(text)
        ends += range(start + 1, end + 1) if exact else [end] * len(text)
        origins += _origins(piece)
        texts.append(text)
    return ShellText(
        "".join(texts), source.file, root=source.root, starts=starts, ends=ends, origins=origins, holes=holes
    )


def without_head(pieces: Pieces, skip: int) -> Pieces:
    """The pieces without their first characters."""
    kept: list[Piece] = []
    for piece in pieces:
        cut = min(skip, len(piece.text))
        skip -= cut
        if piece.hole or cut < len(piece.text):
            kept.append(piece.cut(cut, len(piece.text)) if cut else piece)
    return tuple(kept)


def _origins(piece: Piece) -> list[tuple[int, int] | None]:
    size = len(piece.text) or bool(piece.hole)
    if not piece.assigned:
        return [None] * size
    if piece.end - piece.start != size:
        return [(piece.start, piece.end)] * size
    return [(offset, offset + 1) for offset in range(piece.start, piece.end)]
