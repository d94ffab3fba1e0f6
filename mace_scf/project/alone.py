"""An extension or a project file checked by itself, without a config."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ..inputs import Text
from .find import PROJECT_FILE, PYPROJECT
from .select import Given, Selection, select_trainer


def check_alone(text: Text, given: Given, *, texts: Mapping[str, str]) -> Selection:
    """What is wrong with a declaration file; its project is not looked for, but for its own sake.

    Args:
        text: the file.
        given: other extensions come before this one.
        texts: texts that stand for files of those names, such as mended ones.
    """
    texts = {**texts, text.name: text.text}
    if text.name.endswith((PROJECT_FILE, PYPROJECT)):
        selection = select_trainer(given, directory=text.directory, texts=texts)
    else:
        alone = attrs.evolve(given, extensions=(*given.extensions, text.name), project=False)
        selection = select_trainer(alone, texts=texts)
    return attrs.evolve(selection, files=tuple(dict.fromkeys((text.name, *selection.files))))
