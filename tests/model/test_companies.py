"""Vendors and financiers as arrays, and the levers that take their defaults from the facts."""

import numpy as np
import pytest

from stackcraft.agents.levers import FINANCIER, IMPORTER, VENDOR
from stackcraft.agents.names import FINANCIERS, VENDOR_PLACES, VENDORS
from stackcraft.model.companies import NO_LIMIT_BN
from stackcraft.model.inputs import load_inputs

NET, CMP, MDL = 0, 1, 4
US, CN = 0, 1


@pytest.fixture(scope="module")
def world():
    return load_inputs("world")


def test_vendors(world):
    vendors = world.vendors
    assert vendors.name[:-1] == list(VENDORS) and len(vendors.name) == VENDOR_PLACES
    assert not vendors.serves[-1].any() and not world.installed[:, :, -1].any()
    assert len(set(vendors.number.tolist())) == VENDOR_PLACES
    served = vendors.serves == 1
    assert vendors.attribution[served].sum(axis=1) == pytest.approx(1)
    assert not vendors.attribution[~served].any()
    # Whoever holds a share serves the layer.
    assert not (world.installed.sum(axis=0).T[~served] > 0).any()
    leaders = np.where(served & (vendors.stack == US)[:, None], vendors.quality, -9).max(axis=0)
    assert (leaders == 0).all()
    champion = VENDORS.index("cn_full_stack_champion")
    assert vendors.quality[champion, CMP] == -0.6
    assert vendors.price_ratio[champion, [NET, CMP, MDL]] == pytest.approx([0.75, 0.75, 0.35])
    assert vendors.supply_cap_bn_per_year[champion, CMP] < vendors.supply_cap_bn_per_year[champion, NET] == NO_LIMIT_BN
    assert (
        vendors.supply_growth[champion, CMP] > 0
        and not vendors.supply_growth[vendors.supply_cap_bn_per_year == NO_LIMIT_BN].any()
    )
    domestic = VENDORS.index("in_domestic_champion")
    assert vendors.attribution[domestic, MDL, US] > 0 and vendors.attribution[domestic, MDL, CN] > 0
    homes = {"us": 0, "cn": 1, "in": -1}
    assert vendors.home.tolist() == [homes[name[:2]] for name in VENDORS] + [-1]


def test_financiers(world):
    financiers = world.financiers
    assert financiers.name == list(FINANCIERS)
    assert financiers.serves_stack.tolist() == [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 1], [1, 0, 1]]
    assert financiers.commitment_limit_bn == pytest.approx(financiers.yearly_flow_bn * financiers.ai_share)
    assert financiers.freeze_at_overdue.tolist() == [0.02, 1, 1, 1, 1, 1]
    assert (financiers.used_bn < financiers.cap_bn).all()


def test_facts_fit_the_levers_that_read_them(world):
    levers = IMPORTER.defaults(world.iso3, len(world), vars(world))
    assert np.array_equal(levers["sovereignty"], world.sovereignty)
    assert np.array_equal(levers["clarity"], world.clarity)
    assert np.array_equal(levers["ban_cn"], world.ban_cn)
    levers = FINANCIER.defaults(list(FINANCIERS), len(world), vars(world.financiers))
    assert np.array_equal(levers["cap_bn"], world.financiers.cap_bn)
    levers = VENDOR.defaults(list(VENDORS), len(world), {"rnd_share": world.vendors.rnd_share[:15]})
    assert levers["rnd_share"][VENDORS.index("cn_full_stack_champion")] == 0.208
