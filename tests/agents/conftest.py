"""A small world of views for strategies to decide in: twelve countries, made-up but repeatable."""

from collections.abc import Callable

import numpy as np
import pytest

from stackcraft.agents.cast import Cast
from stackcraft.agents.names import STACKS
from stackcraft.agents.view import VIEWS, PublicFacts, PublicRecord, View

SMALL = ("AGO", "BRA", "DEU", "EGY", "FRA", "IDN", "IND", "KEN", "KOR", "NGA", "SRB", "VNM")
NUMBERS = (24, 76, 276, 818, 250, 360, 356, 404, 410, 566, 688, 704)
PEERS = 4


def small_facts() -> PublicFacts:
    """Facts of the small world, the same every time."""
    luck = np.random.default_rng(1)
    count = len(SMALL)
    index = np.array([[(c + 1 + k) % count for k in range(PEERS)] for c in range(count)])
    weight = luck.dirichlet(np.ones(PEERS), size=count)
    return PublicFacts(
        iso3=SMALL,
        iso_number=np.array(NUMBERS),
        income_group=np.arange(count) % 4 // 2,
        gdp=luck.uniform(50, 4000, count),
        population=luck.uniform(5, 1400, count),
        readiness=luck.uniform(0.2, 2, count),
        ally=luck.uniform(0, 1, (count, 3)),
        nonaligned=luck.uniform(0, 1, count),
        scepticism=luck.uniform(0, 1, (count, 3)),
        regulation=luck.uniform(0, 1, count),
        cost_of_capital=luck.uniform(0.05, 0.18, count),
        hub_degree=luck.uniform(0, 1, count),
        peer_index=index,
        peer_weight=weight,
    )


def make_views(seeds: list[int], cast: Cast | None = None, year: int = 2026) -> dict[str, View]:
    """One view of each kind over `len(seeds)` runs; what a run shows depends on its seed alone."""
    cast = cast or Cast(len(seeds), SMALL)
    facts = small_facts()
    count = len(SMALL)

    def per_run(salt: int, shape: tuple[int, ...]) -> np.ndarray:
        array = np.stack([np.random.default_rng([seed, year, salt]).uniform(0.05, 1.0, shape) for seed in seeds])
        array.flags.writeable = False
        return array

    def luck(slot: int) -> np.ndarray:
        return np.stack([np.random.default_rng([seed, year, 99, slot]).uniform(size=count) for seed in seeds])

    def look_ahead(candidates, side) -> np.ndarray:
        return per_run(50 + STACKS.index(side), (len(candidates),))

    buyers = cast.kinds["importer"].levers.copy()
    buyers["clarity"] = per_run(9, (count,))
    public = PublicRecord(
        shares=per_run(1, (count, 7, 3)),
        utilisation=per_run(2, (count,)),
        demand=per_run(3, (count,)),
        trust_poll=per_run(4, (count, 3)),
        buyer_levers=buyers,
        tenders_won=per_run(5, (3,)),
        announced_bn=per_run(6, (3,)),
        operating_deals=per_run(7, (3,)),
        coercion_events=per_run(8, (2,)),
    )
    own = {
        "home_government": {"look_ahead": look_ahead},
        "financier": {"exposure_bn": per_run(10, (6,)), "overdue_share": per_run(11, (6,))},
        "vendor": {"revenue_bn": per_run(12, (15,)), "cash_bn": per_run(13, (15,))},
        "importer": {"peer_additions": per_run(14, (count, 7)), "dependence": per_run(15, (count,))},
    }
    return {
        kind: VIEWS[kind](
            **cast.view_fields(kind), year=year, start_year=2026, facts=facts, public=public, luck=luck, **own[kind]
        )
        for kind in VIEWS
    }


@pytest.fixture
def views() -> Callable[..., dict[str, View]]:
    """`make_views`."""
    return make_views


@pytest.fixture
def facts() -> PublicFacts:
    """The small world's facts."""
    return small_facts()


@pytest.fixture
def small() -> tuple[str, ...]:
    """The small world's importers."""
    return SMALL
