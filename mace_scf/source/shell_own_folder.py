"""The folder that a script lies in, as scripts ask for it: ``$(dirname "$0")`` and its relatives."""

from __future__ import annotations

import posixpath
import re

SCRIPT = "0"
SOURCED = "BASH_SOURCE"

# A queue starts a copy of the script, which lies elsewhere.
_QUEUED = re.compile(r"^#(?:SBATCH|PBS|BSUB|COBALT|\$)[ \t]", re.MULTILINE)
_SELF = r'"?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?(?::?-\$(?:0|\{0\}))?\})"?'
_REAL = rf'(?:{_SELF}|"?\$\(\s*(?:realpath|readlink\s+-[efm]+)\s+(?:--\s+)?{_SELF}\s*\)"?)'
_FOLDER = rf"dirname\s+(?:--\s+)?{_REAL}"
_BELOW = r"(?P<below>(?:/[\w.-]+)*)/?"
_INNER = rf'"?(?:\$\(\s*{_FOLDER}\s*\)|\$\{{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}}|`{_FOLDER}`){_BELOW}"?'
_QUIET = r"(?:\s*&?[12]?>+\s*(?:/dev/null|&[12]))*"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\$\(\s*{_FOLDER}\s*\)",
        rf"`\s*{_FOLDER}\s*`",
        rf"\$\(\s*(?:realpath|readlink\s+-[efm]+)\s+(?:--\s+)?{_INNER}\s*\)",
        rf"\$\(\s*(?:CDPATH=\s+)?cd\s+(?:-P\s+|-L\s+)?(?:--\s+)?{_INNER}{_QUIET}\s*(?:&&|;)\s*pwd(?:\s+-[PL])?\s*\)",
    )
)
_LONGEST = 240


def lies_where_it_runs(script: str) -> bool:
    """Whether the running script is the file itself, rather than a copy that a queue has made of it."""
    return _QUEUED.search(script) is None


def own_folder(written: str, script: str) -> str | None:
    """The folder that a command substitution prints, if it asks for the one of the script.

    Args:
        written: the substitution, with its ``$(`` or backticks.
        script: absolute name of the script's file.
    """
    if len(written) > _LONGEST or ("dirname" not in written and "%/" not in written):
        return None
    for form in _FORMS:
        match = form.fullmatch(written)
        if match:
            below = match.groupdict().get("below") or ""
            return posixpath.normpath(posixpath.dirname(script) + below)
    return None
