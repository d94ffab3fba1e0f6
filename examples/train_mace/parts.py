"""Models and batches of mace-torch, as a config of mace-scf describes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ase.io
import numpy as np
import torch
from mace import data, modules, tools

Heads = Mapping[str, tuple[str, str]]


def load_batches(config: Path, settings: Mapping[str, Any], heads: Heads) -> dict[str, Any]:
    """Loaders of the training and the validation file, shuffled and in order."""
    table = element_table(settings)
    loaders = {}
    for split, prefix in (("train", ""), ("valid", "valid_")):
        path = config.parent / settings[f"{split}_file"]
        frames = read_frames(path, heads, settings["config_type_weights"])
        columns = (settings["atomic_multipoles_max_l"] + 1) ** 2
        graphs = [graph_of(each, table, settings["r_max"], columns) for each in frames]
        loaders[split] = tools.torch_geometric.dataloader.DataLoader(
            graphs, batch_size=settings[f"{prefix}batch_size"], shuffle=split == "train"
        )
    return loaders


def read_frames(
    path: Path, heads: Heads, type_weights: Mapping[str, float] | None = None
) -> list[data.Configuration]:
    """Frames of a file: labels from where the heads say, under the names that mace-torch has for them."""
    keys = data.KeySpecification()
    for name, (place, key) in heads.items():
        getattr(keys, place)[name] = key
    frames: list[data.Configuration] = data.config_from_atoms_list(ase.io.read(path, ":"), keys, type_weights)
    return frames


def graph_of(
    frame: data.Configuration, table: tools.AtomicNumberTable, cutoff: float, columns: int
) -> data.AtomicData:
    """A frame as mace-torch's models take it, and the multipoles that it has no place for."""
    graph = data.AtomicData.from_config(frame, z_table=table, cutoff=cutoff)
    weight, label = (each.get("atomic_multipoles") for each in (frame.property_weights, frame.properties))
    if weight is not None:
        none = np.full((len(frame.atomic_numbers), columns), np.nan)
        graph.atomic_multipoles = torch.as_tensor(none if label is None else label[:, :columns])
        graph.atomic_multipoles_weight = torch.tensor(weight)
    return graph


def element_table(settings: Mapping[str, Any]) -> tools.AtomicNumberTable:
    """The elements, in the order of their numbers."""
    return tools.AtomicNumberTable(sorted(settings["E0s"]))


def build_model(settings: Mapping[str, Any], loader: Any) -> torch.nn.Module:
    """A new model of the class that the config names."""
    return (
        _polar(settings, loader)
        if settings["model"] == "PolarMACE"
        else modules.MACE(**_shared(settings, loader))
    )


def _polar(settings: Mapping[str, Any], loader: Any) -> torch.nn.Module:
    return modules.PolarMACE(
        **_shared(settings, loader),
        atomic_inter_scale=1.0,
        atomic_inter_shift=0.0,
        atomic_multipoles_max_l=settings["atomic_multipoles_max_l"],
        atomic_multipoles_smearing_width=settings["atomic_multipoles_smearing_width"],
        field_feature_max_l=settings["field_feature_max_l"],
        field_feature_widths=settings["field_feature_widths"],
        num_recursion_steps=settings["num_recursion_steps"],
    )


def _shared(settings: Mapping[str, Any], loader: Any) -> dict[str, Any]:
    """Arguments that both classes take."""
    # mace has to be imported first: it tells torch to load the constants of e3nn in the old way.
    from e3nn import o3

    table = element_table(settings)
    block = modules.interaction_classes["RealAgnosticResidualInteractionBlock"]
    hidden = "+".join(
        f"{settings['num_channels']}x{order}{'eo'[order % 2]}" for order in range(settings["max_L"] + 1)
    )
    return {
        "r_max": settings["r_max"],
        "num_bessel": 8,
        "num_polynomial_cutoff": 5,
        "max_ell": settings["max_ell"],
        "interaction_cls": block,
        "interaction_cls_first": block,
        "num_interactions": settings["num_interactions"],
        "num_elements": len(table),
        "hidden_irreps": o3.Irreps(hidden),
        "MLP_irreps": o3.Irreps("16x0e"),
        "atomic_energies": np.array([settings["E0s"][number] for number in table.zs]),
        "avg_num_neighbors": modules.compute_avg_num_neighbors(loader),
        "atomic_numbers": table.zs,
        "correlation": settings["correlation"],
        "gate": torch.nn.functional.silu,
    }
