"""Strategies: one file for each kind of actor, two for the side presets, and a registry that finds them by name."""

from typing import TYPE_CHECKING

from stackcraft.agents.faces import lazily

if TYPE_CHECKING:
    from stackcraft.agents.strategies.base import Strategy, Table, Traits
    from stackcraft.agents.strategies.presets import AdaptivePreset, SidePreset, TablePreset
    from stackcraft.agents.strategies.registry import find_preset, find_strategy, preset_names, strategy_names
    from stackcraft.agents.strategies.scripted import Fixed, SeatStrategy

__all__ = [
    "AdaptivePreset",
    "Fixed",
    "SeatStrategy",
    "SidePreset",
    "Strategy",
    "Table",
    "TablePreset",
    "Traits",
    "find_preset",
    "find_strategy",
    "preset_names",
    "strategy_names",
]
_HERE = "stackcraft.agents.strategies"
__getattr__, __dir__ = lazily(
    __name__,
    {
        **dict.fromkeys(("Strategy", "Table", "Traits"), f"{_HERE}.base"),
        **dict.fromkeys(("AdaptivePreset", "SidePreset", "TablePreset"), f"{_HERE}.presets"),
        **dict.fromkeys(("find_preset", "find_strategy", "preset_names", "strategy_names"), f"{_HERE}.registry"),
        **dict.fromkeys(("Fixed", "SeatStrategy"), f"{_HERE}.scripted"),
    },
)
