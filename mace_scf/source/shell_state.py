"""What a script's variables hold at one point of its text, with branches, subshells and function calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import attrs

from .shell_own_folder import SCRIPT, SOURCED
from .shell_values import UNSET, Piece, Value, array, join, scalar, unknown, words_hole

AT_START = "is given when the script is started"
POSITIONAL = "@"
DIRECTORY = ".directory"
# What a sourced file hardly ever changes for the script that sources it.
_LASTING = frozenset([POSITIONAL, DIRECTORY, "IFS", SCRIPT, SOURCED])


@attrs.define
class Layer:
    """Assignments made since a branch, a subshell or a function was entered.

    Attributes:
        hidden: why everything assigned before is unknown, empty while it is not.
        dead: the text went through `exit`, `return` or the like.
        local: names that a function declared its own; ``None`` outside functions.
        returned: assignments on the ways that left the function early.
    """

    values: dict[str, Value] = attrs.Factory(dict)
    hidden: str = ""
    dead: bool = False
    local: set[str] | None = None
    returned: list[Layer] = attrs.Factory(list)


@attrs.define
class Effort:
    """What reading has cost so far, in units of about a microsecond; hostile scripts ask for any amount."""

    spent: int = 0


@attrs.define
class Touched:
    """What was assigned while a stretch of text was read."""

    names: set[str] = attrs.Factory(set)
    hidden: str = ""


class State:
    """Variables, seen through the layers that are open."""

    def __init__(self, directory: Value, effort: Effort | None = None) -> None:
        self.effort = effort or Effort()
        arguments = array((words_hole(f"`$@` {AT_START}"),))
        self.layers = [Layer({DIRECTORY: directory, POSITIONAL: arguments})]
        self._records: list[Touched] = []

    def is_script(self, file: str) -> None:
        """The text is this file, which `$0` names."""
        name = scalar((Piece(file, assigned=True),))
        self.layers[0].values |= {SCRIPT: name, SOURCED: attrs.evolve(name, array=True)}

    @property
    def dead(self) -> bool:
        """Whether this point of the text is never reached."""
        return any(layer.dead for layer in self.layers)

    def get(self, name: str) -> Value | None:
        """The value; ``None`` when the script has not assigned it so far."""
        for layer in reversed(self.layers):
            if name in layer.values:
                return layer.values[name]
            if layer.hidden and name not in _LASTING:
                return unknown(layer.hidden)
        return None

    def set(self, name: str, value: Value) -> None:
        """Assigns in the layer that is open; a variable stays exported."""
        before = self.get(name)
        if before is not None and before.exported:
            value = attrs.evolve(value, exported=True)
        self._write(name, value)

    def export(self, name: str) -> None:
        """Marks a variable as seen by child processes."""
        value = self.get(name)
        if value is not None:
            self._write(name, attrs.evolve(value, exported=True))

    def _write(self, name: str, value: Value) -> None:
        self.layers[-1].values[name] = value
        for record in self._records:
            record.names.add(name)

    def hide(self, why: str) -> None:
        """Makes everything assigned so far unknown."""
        layer = self.layers[-1]
        kept = {name: value for name, value in layer.values.items() if name in _LASTING}
        layer.values, layer.hidden = kept, why
        for record in self._records:
            record.hidden = why

    def die(self) -> None:
        """Nothing behind this point of the current branch is reached."""
        self.layers[-1].dead = True

    def leave_function(self) -> None:
        """``return``: the assignments so far are one way out of the function."""
        for index in range(len(self.layers) - 1, -1, -1):
            if self.layers[index].local is not None:
                self.layers[index].returned.append(_flattened(self.layers[index:]))
                break
        self.die()

    def declare_local(self, name: str) -> bool:
        """Makes a variable the innermost function's own; ``False`` outside functions."""
        for layer in reversed(self.layers):
            if layer.local is not None:
                layer.local.add(name)
                return True
        return False

    @contextmanager
    def layer(self, *, function: bool = False) -> Iterator[Layer]:
        """Opens a layer; what becomes of it is the caller's affair."""
        layer = Layer(local=set() if function else None)
        self.layers.append(layer)
        try:
            yield layer
        finally:
            self.layers.pop()

    @contextmanager
    def recording(self) -> Iterator[Touched]:
        """Collects the names that are assigned meanwhile, also on ways that come to nothing."""
        record = Touched()
        self._records.append(record)
        try:
            yield record
        finally:
            self._records.pop()

    def merge(self, branches: Sequence[Layer], *, exhaustive: bool) -> None:
        """The state after one of the branches, or, unless exhaustive, none of them, was run."""
        live = [branch for branch in branches if not branch.dead]
        if not live and exhaustive:
            self.die()
            return
        ways = live if exhaustive else [*live, Layer()]
        hidden = next((way.hidden for way in ways if way.hidden), "")
        names = sorted({name for way in ways for name in way.values})
        before = {name: self.get(name) for name in names}
        if hidden:
            self.hide(hidden)
        for name in names:
            outside = unknown(hidden) if hidden and name not in _LASTING else before[name]
            values = [way.values.get(name, outside) for way in ways]
            self._write(name, join(values, _differs(name)))

    def return_from(self, layer: Layer) -> None:
        """The state after a function whose layer has been closed."""
        ways = [*layer.returned, *([] if layer.dead else [layer])]
        for way in ways:
            way.values = {
                name: value for name, value in way.values.items() if name not in (layer.local or ())
            }
            way.values.pop(POSITIONAL, None)
        self.merge(ways, exhaustive=True)

    def for_child(self) -> State:
        """What a process that the script starts sees: exported variables.

        A variable that came from the environment is exported without saying so; hence the others
        are unknown there, rather than unset.
        """
        child = State(self.get(DIRECTORY) or UNSET, self.effort)
        child.set(POSITIONAL, array(()))
        for layer in self.layers:
            for name in layer.values:
                value = self.get(name)
                if value is not None and name not in _LASTING:
                    hidden = unknown(f"`{name}` is not exported to this shell")
                    child.layers[0].values[name] = value if value.exported else hidden
        child.layers[0].hidden = next((layer.hidden for layer in self.layers if layer.hidden), "")
        return child

    def forget(self, touched: Touched) -> None:
        """Makes unknown what a loop's body changes."""
        if touched.hidden:
            self.hide(touched.hidden)
        for name in sorted(touched.names):
            why = f"`{name}` changes in a loop"
            array = name == POSITIONAL
            self._write(name, Value((words_hole(why),), array=True) if array else unknown(why))


def _flattened(layers: Sequence[Layer]) -> Layer:
    merged = Layer()
    for layer in layers:
        if layer.hidden:
            merged.values, merged.hidden = {}, layer.hidden
        merged.values.update(layer.values)
    return merged


def _differs(name: str) -> str:
    return f"`{name}` differs between the ways through this script"
