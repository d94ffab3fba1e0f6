"""What would make sums read beyond a batch is one clear error, on every path alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ase
import attrs
import pytest
import torch

from mace_scf.loss import (
    Difference,
    Honoured,
    Layout,
    Level,
    LossEngine,
    LossInputError,
    References,
    Term,
    register,
    unregister,
    with_molecules,
)
from mace_scf.loss.terms.cluster import MoleculeForce

from .kit import PATHS, engine_for

TERMS = {
    "energy_per_atom": 1.0,
    "forces": 1.0,
    "dipole": 1.0,
    "total_charge": 1.0,
    "cluster_virial": 1.0,
    "molecular_forces": 1.0,
    "forces_huber": {"weight": 1.0, "huber_delta": 0.01},
}


def engine(path: str, terms: Any = TERMS) -> LossEngine:
    made = LossEngine.from_config(terms)
    return made.evolve(recorded=path == "plain", compiled=path == "compiled")


def labels(**changes: Any) -> References:
    torch.manual_seed(0)
    made: dict[str, Any] = {
        "ptr": torch.tensor([0, 2, 5, 6]),
        "energy": torch.randn(3),
        "forces": torch.randn(6, 3),
        "dipole": torch.randn(3, 3),
        "total_charge": torch.randn(3),
        "positions": 9.0 * torch.randn(6, 3),
        "molecule": torch.tensor([0, 0, 1, 1, 2, 0]),
    }
    return References(**(made | changes))


def predicted(**changes: Any) -> dict[str, Any]:
    torch.manual_seed(1)
    made: dict[str, Any] = {
        "energy": torch.randn(3, requires_grad=True),
        "forces": torch.randn(6, 3, requires_grad=True),
        "dipole": torch.randn(3, 3, requires_grad=True),
        "density_coefficients": torch.randn(6, 4, requires_grad=True),
    }
    return made | changes


def index(ptr: list[int]) -> Any:
    """A molecule index of six atoms in other frames."""
    ids = torch.tensor([0, 0, 1, 1, 2, 2])
    return with_molecules(References(ptr=torch.tensor(ptr), molecule=ids)).molecules


def lattice(**changes: Any) -> dict[str, Any]:
    torch.manual_seed(2)
    cell = 0.3 * torch.randn(3, 3, 3) + 4.1 * torch.eye(3)
    return {"cell": cell, "pbc": torch.ones(3, 3, dtype=torch.bool), **changes}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("energy_weight", {"energy_weight": torch.ones(1, 3)}),
        ("weight", {"weight": torch.ones(1, 3)}),
        ("dipole_weight", {"dipole_weight": torch.ones(1, 9)}),
        ("molecules", {"molecules": index([0, 6])}),
        ("molecules", {"molecules": index([0, 1, 2, 6])}),
        ("ptr", {"ptr": torch.tensor([[0], [2], [5], [6]])}),
        ("ptr", {"ptr": torch.tensor([0.0, 2.0, 5.0, 6.0])}),
        ("ptr", {"ptr": torch.tensor(6)}),
        ("ptr", {"ptr": torch.zeros(0, dtype=torch.int64)}),
        ("ptr", {"ptr": [0, 2, 5, 6]}),
        ("batch", {"frame_of_atom": torch.tensor([0, 1, 0, 1, 1, 2])}),
        ("batch", {"frame_of_atom": torch.tensor([0, 0, 1, 1, 1, 9])}),
        ("batch", {"frame_of_atom": torch.tensor([[0], [0], [1], [1], [1], [2]])}),
        ("batch", {"frame_of_atom": torch.zeros(6, dtype=torch.int64, device="meta")}),
        ("cell", lattice(cell=torch.ones(2, 3, 3))),
        ("pbc", lattice(pbc=torch.ones(2, 3, dtype=torch.bool))),
        ("energy_baseline", {"energy_baseline": torch.ones(2, dtype=torch.float64)}),
    ],
)
def test_references_of_another_shape_are_told(path: str, key: str, change: dict[str, Any]) -> None:
    with pytest.raises(LossInputError, match=f"`{key}` should be"):
        engine(path)(labels(**change), predicted())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "modifier", [torch.ones(2), torch.ones(4), torch.ones(1, 3), torch.ones(3, device="meta"), 2.0]
)
def test_a_weight_modifier_of_another_shape_is_told(path: str, modifier: object) -> None:
    with pytest.raises(LossInputError, match="`loss_weight_modifier` should be"):
        engine(path)(labels(), predicted(loss_weight_modifier=modifier))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("shape", [(), (1,), (3,), (3, 1)])
def test_a_weight_modifier_may_be_one_number_or_a_column(path: str, shape: tuple[int, ...]) -> None:
    found = engine(path)(labels(), predicted(loss_weight_modifier=torch.full(shape, 2.0)))

    wanted = engine(path)(labels(weight=torch.full((3,), 2.0)), predicted())
    torch.testing.assert_close(found.raw, wanted.raw)


@pytest.mark.parametrize("path", PATHS)
def test_frames_without_any_atom_of_their_own_are_told(path: str) -> None:
    reference = References(ptr=torch.tensor([0, 2, 5, 6]), forces=torch.zeros(0, 3))

    with pytest.raises(LossInputError, match=r"`ptr` should be .* from 0 to 0 atoms"):
        engine(path, {"forces": 1.0})(reference, {"forces": torch.zeros(0, 3)})


@pytest.mark.parametrize("path", PATHS)
def test_frames_that_fall_are_told_by_energies_alone(path: str) -> None:
    reference = References(ptr=torch.tensor([0, 5, 2]), energy=torch.zeros(2))

    with pytest.raises(LossInputError, match=r"`ptr` should be .* never falling"):
        engine(path, {"energy_per_atom": 1.0})(reference, {"energy": torch.ones(2)})


@pytest.mark.parametrize("path", PATHS)
def test_a_batch_whose_atoms_are_not_sorted_is_told(path: str) -> None:
    batch = {"batch": torch.tensor([0, 1, 0, 1, 1, 2]), "weight": torch.ones(3), "forces": torch.zeros(6, 3)}

    with pytest.raises(LossInputError, match="`batch` should be atoms sorted by frame"):
        engine(path, {"forces": 1.0})(batch, predicted())


@pytest.mark.parametrize("path", PATHS)
def test_labels_of_frames_alone_can_be_prepared_and_counted(path: str) -> None:
    own = engine(path, {"total_charge": 1.0})
    reference = References(ptr=torch.tensor([0, 2, 5]), total_charge=torch.zeros(2))

    found = own(own.prepare(reference), {"density_coefficients": torch.ones(5, 4)})

    assert found.raw.item() == (2.0**2 + 3.0**2) / 2
    assert own.counts(reference).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("path", PATHS)
def test_a_validation_in_inference_mode_is_complete_and_may_come_first(path: str) -> None:
    own = engine(path)
    with torch.inference_mode():
        seen = own(labels(), {key: value.detach() * 1.0 for key, value in predicted().items()})
        norms = seen.gradient_norm

    trained = own(labels(), predicted())
    trained.total.backward()  # type: ignore[no-untyped-call]

    assert seen.total.item() == trained.total.item()
    torch.testing.assert_close(norms, trained.gradient_norm)
    assert bool((norms > 0).all())


def test_memory_that_was_swapped_before_the_gradient_is_told() -> None:
    reference, prediction = labels(), predicted()
    total = engine("compiled", {"forces": 1.0})(reference, prediction).total
    assert reference.forces is not None
    reference.forces.data = torch.zeros(6, 3)

    with pytest.raises(RuntimeError, match="changed in place or moved"):
        total.backward()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", PATHS)
def test_a_default_device_does_not_reach_into_the_engine(path: str) -> None:
    reference, prediction, wanted = labels(), predicted(), engine(path)(labels(), predicted())
    torch.set_default_device("meta")
    try:
        found = engine(path)(reference, prediction)
        found.total.backward()  # type: ignore[no-untyped-call]
        assert found.gradient_norm.tolist() == wanted.gradient_norm.tolist()
    finally:
        torch.set_default_device(None)

    assert found.total.item() == wanted.total.item()


@pytest.mark.parametrize("path", PATHS)
def test_autocast_leaves_lever_arms_alone(path: str) -> None:
    own = engine(path, {"cluster_virial": 1.0})
    wanted = own(labels(**lattice()), predicted()).total

    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = own(labels(**lattice()), predicted()).total

    assert found.item() == wanted.item()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("dtypes", [(torch.float32, torch.float64), (torch.float64, torch.float32)])
def test_cell_and_positions_may_differ_in_precision(
    path: str, dtypes: tuple[torch.dtype, torch.dtype]
) -> None:
    reference = labels(**lattice())
    assert reference.cell is not None
    assert reference.positions is not None
    own = engine(path, {"cluster_virial": 1.0})
    mixed = attrs.evolve(
        reference, cell=reference.cell.to(dtypes[0]), positions=reference.positions.to(dtypes[1])
    )

    found, wanted = own(mixed, predicted()).raw, own(reference, predicted()).raw
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=0.0)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("reduction", ["batch", "labelled"])
@pytest.mark.parametrize("weights", [{}, {"atomic_multipoles_weight": torch.tensor([1.0, 1.0, 0.0])}])
def test_holes_in_a_models_own_target_count_for_nothing(
    path: str, flat: bool, reduction: str, weights: dict[str, Any]
) -> None:
    own = engine(path, {"esps": 1.0}).evolve(reduction=reduction)
    target = torch.zeros(6, 1)
    target[0] = torch.nan
    output = {"esps": torch.full((6, 1), 2.0), "esps_dft": target}
    reference = labels(atomic_multipoles=torch.zeros(6, 4), **weights)

    found = own(reference, {key: each.reshape(-1) for key, each in output.items()} if flat else output)

    labelled = 4.0 if weights else 5.0
    assert found["esps"].count.item() == labelled
    assert found["esps"].raw.item() == pytest.approx(
        4.0 * labelled / (6 if reduction == "batch" else labelled)
    )


def test_molecules_that_only_an_upper_bound_has_are_no_labels() -> None:
    terms = {"molecular_forces": 1.0}
    holes = torch.zeros(6, 3)
    holes[5] = torch.nan  # the last frame, after which surplus molecules would lie
    found = {}
    for path in PATHS:
        own = engine(path, terms).evolve(reduction="labelled")
        breakdown = own(labels(forces=holes), predicted())
        found[path] = breakdown["molecular_forces"].count.item(), breakdown.total.item()

    assert {count for count, _ in found.values()} == {6.0}
    assert found["fused"][1] == pytest.approx(found["plain"][1], rel=1e-6)
    assert found["compiled"][1] == pytest.approx(found["plain"][1], rel=1e-6)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("reduction", ["batch", "labelled"])
def test_a_users_mean_over_molecules_divides_by_those_that_are_there(path: str, reduction: str) -> None:
    register(
        Term(
            "net_forces",
            Level.MOLECULE,
            difference=Difference("forces", "forces", map=MoleculeForce()),
            predictions=("forces",),
            honoured=Honoured(needs=("forces", "molecule")),
        )
    )
    try:
        own = engine(path, {"net_forces": 1.0}).evolve(reduction=reduction)
        reference = labels(forces=torch.zeros(6, 3))
        found = own(reference, {"forces": torch.ones(6, 3)})["net_forces"]
    finally:
        unregister("net_forces")

    # Two, two, one and one atoms.
    assert found.raw.item() == pytest.approx((4.0 + 4.0 + 1.0 + 1.0) / 4)
    assert found.count.item() == 12.0


@pytest.mark.parametrize("path", PATHS)
def test_upstream_puts_zeros_where_a_batch_has_no_label(path: str) -> None:
    terms = {"energy_per_atom": 1.0, "fermi_level": 1.0, "cluster_virial": 1.0}
    upstream = LossEngine.from_config(terms, compat="upstream")
    own = upstream.evolve(recorded=path == "plain", compiled=path == "compiled")
    output = {**predicted(), "fermi_level": torch.full((3,), 2.0)}

    found = own(labels(energy=None, forces=None), output)

    zeros = {"energy": torch.zeros(3), "energy_weight": torch.zeros(3)}
    wanted = own(labels(**zeros, fermi_level=torch.zeros(3), forces=torch.zeros(6, 3)), output)
    assert found["energy_per_atom"].raw.item() == 0.0
    assert found["fermi_level"].raw.item() == 4.0
    assert found.raw.tolist() == wanted.raw.tolist()


@pytest.mark.parametrize("path", PATHS)
def test_upstream_puts_zeros_where_a_frame_of_ase_has_no_label(path: str) -> None:
    frames = [ase.Atoms("H2", info={"E": 1.0, "mu": 3.0}), ase.Atoms("H2")]
    heads = {"info_keys": {"energy": "E", "fermi_level": "mu"}}
    upstream = LossEngine.from_config(
        {"energy_per_atom": 1.0, "fermi_level": 1.0}, compat="upstream", heads=heads
    )
    own = upstream.evolve(recorded=path == "plain", compiled=path == "compiled")
    output = {"energy": torch.full((2,), 3.0), "fermi_level": torch.full((2,), 5.0)}

    found = own(frames, output)

    # The energy has a weight, of which the second frame has 0; upstream's Fermi level knows none.
    assert found.raw.tolist() == [(1.0 + 0.0) / 2, (4.0 + 25.0) / 2]


def test_a_molecule_index_is_made_of_a_sorted_batch() -> None:
    with pytest.raises(LossInputError, match="`batch` should be"):
        with_molecules(labels(frame_of_atom=torch.tensor([0, 1, 0, 1, 1, 2])))
    with pytest.raises(LossInputError, match="`ptr` should be"):
        with_molecules(labels(molecule=torch.zeros(4, dtype=torch.int64)))
    with pytest.raises(LossInputError, match="`molecule` should be on cpu"):
        with_molecules(labels(molecule=torch.zeros(6, dtype=torch.int64, device="meta")))


@pytest.mark.parametrize("name", ["rho_fftn", "fourier_density"])
@pytest.mark.parametrize("compat", [None, "upstream"])
def test_the_constant_wave_has_a_finite_gradient(name: str, compat: str | None) -> None:
    own = engine_for(name, compat=compat)
    squared = torch.tensor([[0.0, 0.004, 2.0, 0.0], [0.0, 1.0, 3.0, 60.0]]).requires_grad_()
    torch.manual_seed(3)
    output = {
        "rho_fftn": torch.randn(2, 4, 2),
        "rho_fftn_dft": torch.randn(2, 4, 2),
        "k_vectors_normed_squared": squared,
        "k_vectors_mask": torch.tensor([[True, True, True, False], [True] * 4]),
    }

    own({"ptr": torch.tensor([0, 2, 5])}, output).total.backward()  # type: ignore[no-untyped-call]

    assert squared.grad is not None
    assert bool(squared.grad.isfinite().all())


def test_predictions_that_no_term_reads_may_lie_elsewhere() -> None:
    output = {**predicted(), "node_feats": torch.ones(3, device="meta"), "note": "text"}

    assert engine("compiled", {"forces": 0.0})(labels(), output).total.item() == 0.0


@pytest.fixture
def quadrupole() -> Iterator[dict[str, float]]:
    """A user's term whose label has no declared shape."""
    register(
        Term(
            "quadrupole",
            Level.FRAME,
            difference=Difference("quadrupole", "quad"),
            predictions=("quadrupole",),
            honoured=Honoured(properties=("dipole",), needs=("quad",)),
            layouts={"quadrupole": Layout(Level.FRAME, (5,), "e·Å²")},
        )
    )
    yield {"quadrupole": 1.0}
    unregister("quadrupole")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "label", [torch.zeros(3, 4), torch.zeros(3), torch.zeros(4, 5), torch.zeros(()), "text", None]
)
def test_a_users_label_of_another_shape_is_told(
    path: str, label: object, quadrupole: dict[str, float]
) -> None:
    batch = {"ptr": torch.tensor([0, 2, 5, 6]), "forces": torch.zeros(6, 3), "quad": label}

    with pytest.raises(LossInputError, match="`quad` should be"):
        engine(path, quadrupole)(batch, {"quadrupole": torch.ones(3, 5)})


@pytest.mark.parametrize("path", PATHS)
def test_weights_of_other_components_are_told(path: str, quadrupole: dict[str, float]) -> None:
    batch = {
        "ptr": torch.tensor([0, 2, 5, 6]),
        "quad": torch.zeros(3, 5),
        "dipole_weight": torch.ones(3, 3),
    }

    with pytest.raises(LossInputError, match="found 3 for 5 components"):
        engine(path, quadrupole)(batch, {"quadrupole": torch.ones(3, 5)})


@pytest.mark.parametrize("path", PATHS)
def test_an_infinite_energy_stays_infinite_where_nothing_is_masked(path: str) -> None:
    own = LossEngine.from_config({"energy_per_atom": 1.0}, compat="upstream")
    own = own.evolve(recorded=path == "plain", compiled=path == "compiled")

    found = own(labels(energy=torch.tensor([1.0, torch.inf, 0.0])), predicted())

    assert found.total.item() == torch.inf
