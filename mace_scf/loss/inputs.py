"""From whatever a loop holds to checked columns and tensors; and the packing that a loader may do ahead."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, cast

import attrs
import torch
from torch import Tensor

from .adapters import predictions_from, references_from
from .batch import LABELS, References
from .bounds import check_frames, check_molecules, check_order, check_ptr
from .checks import (
    check_columns,
    check_devices,
    check_modifier,
    check_predictions,
    check_references,
)
from .columns import Columns, compiled_columns, shared_columns
from .compiled import available
from .filling import atoms_of, filled, width_of
from .forms import Counts
from .frames import Heads, is_frames, property_of, references_from_frames
from .hostlabels import HostLabels, HostPlan
from .molecules import molecule_index
from .packed import Packed
from .packing import pack
from .prepared import MODIFIER, Batch, Prepared
from .refusing import refuse, shape_of
from .settings import TermSetting
from .weighting import WeightPlan


class InputReader:
    """Reads batches for a fixed set of terms.

    Args:
        settings: the terms.
        masked: absent labels are kept out.
        recorded: nothing runs on the fused path.
        compiled: use compiled kernels for batches on a CPU.
        heads: where ASE frames hold their labels.
        config_type_weights: factor of their weight by config type.
        whole_interaction: `interaction_energy` is all of the energy but `energy_baseline`.
    """

    def __init__(
        self,
        settings: Sequence[TermSetting],
        *,
        masked: bool,
        recorded: bool,
        compiled: bool,
        heads: Heads | None,
        config_type_weights: Mapping[str, float],
        whole_interaction: bool = False,
    ) -> None:
        self._terms = tuple(setting.term for setting in settings)
        self._fused = tuple(setting.term for setting in settings if setting.is_fused and setting.weight != 0)
        self._masked = masked
        self._recorded = recorded
        self._heads = heads
        self._type_weights = config_type_weights
        self._whole_interaction = whole_interaction
        self._needed = {label: term.name for term in self._terms for label in term.labels}
        self._keys = tuple(dict.fromkeys(key for term in self._terms for key in term.predictions))
        self._weights = WeightPlan(self._fused, masked=masked)
        self._seen: set[object] = set()
        self._absent: set[str] = set()
        quantities = dict.fromkeys(
            name
            for term in self._terms
            for name in (*term.labels, *term.honoured.needs, *term.honoured.properties)
        )
        structure = dict.fromkeys(name for term in self._terms for name in term.structure)
        known = [name for name in quantities if name in LABELS]
        box = ("cell", "pbc") if structure else ()
        self._read = ("ptr", "weight", *known, *(f"{name}_weight" for name in known), *structure, *box)
        runs_compiled = compiled and not recorded and bool(self._fused) and available()
        self._host = HostPlan(self._fused, masked=masked) if runs_compiled else None
        self._extra = tuple(label for label in self._needed if label not in LABELS)

    def read(self, reference: object, prediction: object) -> Batch:
        """A checked batch.

        Raises:
            LossInputError: something is missing or does not fit.
        """
        predictions = predictions_from(prediction)
        prepared = reference if isinstance(reference, Prepared) else None
        columns = prepared.columns if prepared else self._columns(self._references(reference), predictions)
        self._check(predictions, columns)
        predictions = _with_modifier(predictions, columns)
        predictions = self._without_baseline(predictions, columns.references)
        packed = prepared.packed if prepared else None
        packed = self._packed(packed, columns, predictions) if self._runs_fused(predictions) else None
        return Batch(columns, predictions, packed, self._masked, self._weights.kept)

    def columns_of(self, reference: object) -> Columns:
        """Checked columns of references alone."""
        if isinstance(reference, Prepared):
            return reference.columns
        return self._columns(self._references(reference), {})

    def prepare(self, reference: object, device: torch.device | str | None = None) -> Prepared:
        """Everything done that does not need predictions.

        Args:
            reference: of a batch.
            device: where the batch will be compared; that of the reference if not given.
        """
        references = self._references(reference)
        if references.molecules is None and references.molecule is not None:
            references = with_molecules(references)
        columns = self._columns(references, {})
        if device is not None and torch.device(device).type != "cpu":
            columns = attrs.evolve(columns, compiled=False)
        if not self._fused:
            return Prepared(columns, None)
        if self._host is not None and columns.compiled:
            with torch.no_grad():
                return Prepared(columns, self._host.labels(columns).settled())
        widths, dtype = self._expected(references)
        settle = columns.ptr.device.type == "cpu"
        packed = pack(
            self._fused, columns, widths, plan=self._weights, dtype=dtype, masked=self._masked, settle=settle
        )
        return Prepared(columns, packed.settled())

    def _references(self, reference: object) -> References:
        references = self._adapted(reference)
        baseline = references.energy_baseline
        if baseline is None or references.energy is None:
            return references
        n_frames = references.ptr.shape[0] - 1
        if not isinstance(baseline, Tensor) or baseline.numel() != n_frames:
            found = shape_of(baseline) if isinstance(baseline, Tensor) else type(baseline).__name__
            refuse("(all)", "energy_baseline", expected=f"({n_frames},) [eV]", found=found)
        baseline = baseline.reshape(-1)
        if references.energy.shape != baseline.shape:
            return references  # to be refused with what is expected of an energy
        # The large totals leave in float64, before anything can round them.
        energy = references.energy.double() - baseline.double()
        return attrs.evolve(references, energy=energy, energy_baseline=baseline)

    def _adapted(self, reference: object) -> References:
        if not is_frames(reference):
            return references_from(reference, extra=self._extra, needed=self._needed)
        heads = self._heads or {}
        for label, term in self._needed.items():
            if property_of(label) not in heads:
                expected = f"`{property_of(label)}` in the heads of the engine"
                refuse(term, label, expected=expected, found="no such key")
        fill = torch.nan if self._masked else 0.0
        frames = cast(Sequence[Any], reference)
        references = references_from_frames(frames, heads, config_type_weights=self._type_weights, fill=fill)
        self._warn_of_absent(references, heads)
        return references

    def _warn_of_absent(self, references: References, heads: Heads) -> None:
        """A label that no frame has may be right, and is the commonest cause of a loss of zero: say so once."""
        for label in self._needed.keys() - self._absent:
            value = references.value(label)
            if value is not None and value.is_floating_point() and value.numel() and value.isnan().all():
                self._absent.add(label)
                where, key = heads[property_of(label)]
                place = "arrays" if where == "arrays_keys" else "info"
                warnings.warn(
                    f"no frame of this batch has `{key}` in its {place}: `{self._needed[label]}` counts none of them",
                    stacklevel=2,
                )

    def _columns(self, references: References, predictions: dict[str, Tensor]) -> Columns:
        check_ptr(references.ptr)
        n_atoms = atoms_of(references, predictions, self._terms)
        # Upstream's loader puts 0 where a label is missing, with weight 0 where it knows one.
        fill = torch.nan if self._masked else 0.0
        references = filled(references, self._needed, n_atoms, predictions, self._terms, fill)
        if torch.compiler.is_compiling():
            # Done once, while the graph is made: a batch of another form is another graph.
            check_references(self._terms, references, n_atoms=n_atoms)
            return shared_columns(references, n_atoms)
        self._check_references(references, n_atoms)
        found = self._columns_of(references, n_atoms)
        if references.molecules is not None:
            check_molecules(references.molecules, references.ptr, n_atoms)
        if references.frame_of_atom is not None and found.ptr.device.type == "cpu":
            check_order(references.frame_of_atom, found.ptr, n_atoms, compiled=found.compiled)
        return found

    def _columns_of(self, references: References, n_atoms: int) -> Columns:
        on_cpu = references.ptr.device.type == "cpu"
        found = compiled_columns(references, n_atoms) if on_cpu and self._host is not None else None
        if found is not None:
            return found
        if on_cpu:
            check_frames(references.ptr, n_atoms)
        return shared_columns(references, n_atoms)

    def _check_references(self, references: References, n_atoms: int) -> None:
        """Check labels and weights once for each kind of batch."""
        counts = Counts(references.ptr.shape[0] - 1, n_atoms)
        form = (counts.ties, *counts.forms([getattr(references, name) for name in self._read]))
        if references.extra or references.extra_weights:
            both = {
                **references.extra,
                **{f"{name}_weight": each for name, each in references.extra_weights.items()},
            }
            form = (*form, *both, *counts.forms(both.values()))
        if form not in self._seen:
            check_references(self._terms, references, n_atoms=n_atoms)
            self._seen.add(form)

    def _check(self, predictions: dict[str, Tensor], columns: Columns) -> None:
        """Check shapes, dtypes and devices once for each kind of batch."""
        if torch.compiler.is_compiling():
            self._check_anew(predictions, columns)
            return
        counts = Counts(columns.n_frames, columns.n_atoms)
        form = counts.forms([predictions.get(key) for key in self._keys])
        multipoles = columns.references.value("atomic_multipoles")
        labelled = multipoles.shape[1:] if isinstance(multipoles, Tensor) else None
        known = (counts.ties, columns.ptr.device, labelled, *form)
        if None in form or known not in self._seen:
            self._check_anew(predictions, columns)
            self._seen.add(known)

    def _check_anew(self, predictions: dict[str, Tensor], columns: Columns) -> None:
        check_predictions(self._terms, predictions, n_frames=columns.n_frames, n_atoms=columns.n_atoms)
        check_devices(self._terms, predictions, columns.ptr.device)
        check_columns(self._terms, predictions, columns.references)

    def _without_baseline(self, predictions: dict[str, Tensor], references: References) -> dict[str, Tensor]:
        """Predictions whose energy is compared with what is left of the label."""
        if "energy" not in self._keys:
            return predictions
        baseline = references.energy_baseline
        if self._whole_interaction:
            return {**predictions, "energy": self._interaction(predictions, references)}
        if baseline is None or references.energy is None:
            return predictions
        return {**predictions, "energy": predictions["energy"].double() - baseline.double()}

    def _interaction(self, predictions: dict[str, Tensor], references: References) -> Tensor:
        term = next(term.name for term in self._terms if "energy" in term.predictions)
        if references.energy_baseline is None:
            expected = "a tensor, as the engine compares `interaction_energy`"
            refuse(term, "energy_baseline", expected=expected, found="nothing")
        found = predictions.get("interaction_energy")
        if not isinstance(found, Tensor) or found.shape != predictions["energy"].shape:
            shape = "nothing" if found is None else shape_of(found)
            expected = f"({references.ptr.shape[0] - 1}) [eV]"
            refuse(term, "interaction_energy", expected=expected, found=shape)
        return found

    def _runs_fused(self, predictions: dict[str, Tensor]) -> bool:
        if not self._fused or self._recorded or torch.compiler.is_compiling():
            return False
        modifier = predictions.get(MODIFIER)
        return modifier is None or not modifier.requires_grad

    def _packed(
        self, packed: Packed | HostLabels | None, columns: Columns, predictions: dict[str, Tensor]
    ) -> Packed | HostLabels:
        modifier = predictions.get(MODIFIER)
        if self._host is not None and columns.compiled:
            if isinstance(packed, HostLabels) and modifier is None:
                return packed
            with torch.no_grad():  # positions that a model differentiates by are only looked at
                return self._host.labels(columns, modifier)
        widths = {key: width_of(predictions[key]) for term in self._fused for key in term.predictions}
        dtype = _packing_dtype(
            [predictions[key] for key in widths if key != "energy"] or [predictions["energy"]]
        )
        if isinstance(packed, Packed) and modifier is None and packed.fits(widths, dtype):
            return packed
        return pack(
            self._fused,
            columns,
            widths,
            plan=self._weights,
            dtype=dtype,
            masked=self._masked,
            modifier=modifier,
        )

    def _expected(self, references: References) -> tuple[dict[str, int], torch.dtype]:
        """Widths and dtype that predictions will most likely have: those of their labels."""
        widths: dict[str, int] = {}
        labels: list[Tensor] = []
        for term in self._fused:
            difference = term.difference
            assert difference is not None, "fused terms are differences"
            value = None if difference.label is None else references.value(difference.label)
            mapped = difference.map is not None and difference.label_is_mapped
            layout = term.layout(difference.prediction)
            trailing = layout.trailing if layout is not None else ()
            width = prod(axis or 1 for axis in trailing)
            if value is not None and not mapped:
                width = width_of(value)
                labels.append(value)
            widths[difference.prediction] = max(width, widths.get(difference.prediction, 0))
        return widths, _packing_dtype(labels or [torch.empty(0)])


def _with_modifier(predictions: dict[str, Tensor], columns: Columns) -> dict[str, Tensor]:
    """Predictions whose weight modifier has one number for each frame."""
    modifier = predictions.get(MODIFIER)
    if modifier is None:
        return predictions
    check_modifier(modifier, columns.n_frames, columns.ptr.device)
    return {**predictions, MODIFIER: modifier.reshape(-1).expand(columns.n_frames)}


def with_molecules(references: References) -> References:
    """References with the molecule index made on the host, for loaders.

    Raises:
        LossInputError: there is no molecule label.
    """
    ids = references.molecule
    if ids is None:
        refuse("(all)", "molecule", expected="integers, (N,)", found="nothing")
    check_ptr(references.ptr)
    if ids.device != references.ptr.device:
        expected, found = f"on {references.ptr.device}", f"on {ids.device}"
        refuse("(all)", "molecule", expected=expected, found=found)
    if references.ptr.device.type == "cpu":
        check_frames(references.ptr, ids.shape[0])
    columns = shared_columns(references, ids.shape[0])
    if references.ptr.device.type == "cpu":
        check_order(columns.frame_of_atom, references.ptr, ids.shape[0], compiled=False)
    index = molecule_index(ids, columns.frame_of_atom, columns.ptr, exact=True)
    return attrs.evolve(references, molecules=index, frame_of_atom=columns.frame_of_atom)


def _packing_dtype(values: Sequence[Tensor]) -> torch.dtype:
    return torch.float64 if any(value.dtype is torch.float64 for value in values) else torch.float32
