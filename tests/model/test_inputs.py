"""Facts into starting conditions: shapes, formulas worked out by hand, blanks, and anchors."""

import csv
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import STACKS, VENDORS
from stackcraft.model.imputation import Filled, neighbour_median, rank_share, rank_share_known
from stackcraft.model.inputs import declared_inputs, load_inputs
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.start import WORLD_DEMAND_BN, excluded
from stackcraft.model.tables import FACTS

NET, CMP, CLD, DAT, MDL, SEC, APP = range(7)
US, CN, INDEPENDENT = range(3)


@pytest.fixture(scope="module")
def world():
    return load_inputs("world")


@pytest.fixture(scope="module")
def made_up():
    return load_inputs("synthetic")


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(FACTS / "synthetic", copy)
    return copy


def edit(folder, table, change):
    """Pass every row of a table through `change`; None drops it."""
    path = folder / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(row for row in (change(dict(row)) for row in rows) if row)


def with_cells(code, **cells):
    return lambda row: row | cells if row["iso3"] == code else row


def at(inputs, name, code):
    return getattr(inputs, name)[inputs.iso3.index(code)]


def by_stack(inputs):
    """Installed shares by the stack of the vendor, shape (countries, layers, stacks)."""
    return np.stack([inputs.installed[:, :, inputs.vendors.stack == stack].sum(axis=2) for stack in range(3)], axis=2)


# shapes and bounds


@pytest.mark.parametrize("name", ["world", "synthetic"])
def test_arrays_have_the_declared_shape_kind_and_no_blanks(name):
    inputs = load_inputs(name)
    sizes = {"country": len(inputs), "layer": 7, "stack": 3, "vendor": 16, "peer": 12, "home": 2, "use": 4, "sector": 4}
    whole = {"iso_number", "income_group", "risk_class", "rating_class", "licence_tier", "peer_index"}
    for field, entry in declared_inputs().items():
        array = getattr(inputs, field)
        assert array.shape == tuple(sizes[axis] for axis in entry.metadata["shape"].split(" x ")), field
        assert array.dtype == (np.int64 if field in whole else np.float64), field
        assert array.flags.c_contiguous and np.isfinite(array).all(), field
    assert inputs.iso3 == sorted(inputs.iso3)


@pytest.mark.parametrize("name", ["world", "synthetic"])
@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("income_rank", 0, 1), ("distance_rank", 0, 1), ("readiness", 0.2, 2), ("absorption", 0.1, 1),
        ("cost_of_capital", 0.05, 0.18), ("default_multiplier", 0.3, 2.5), ("licence_tier", 0, 3), ("ally", 0, 1),
        ("exclusion", 0, 1), ("nonaligned", 0, 1), ("scepticism", 0, 1), ("likeness", 0, 1), ("clarity", 0, 1),
        ("regulation", 0, 1), ("sovereignty", 0, 1), ("security_weight", 0.3, 1), ("organic_share", 0.2, 0.7),
        ("grid_wait", 6, 48), ("electricity_headroom_mw", 0, 30_000), ("exports_share", 0, 1), ("imports_share", 0, 1),
        ("prior_supply", 0.01, 0.7), ("prior_security", 0.02, 0.3), ("prior_commitment", 0.1, 0.9), ("installed", 0, 1),
        ("hub_degree", 0, 1), ("use_mix", 0, 1), ("sector_need", 0, 1),
    ],
)  # fmt: skip
def test_bounds(name, field, low, high):
    values = getattr(load_inputs(name), field)
    assert values.min() >= low and values.max() <= high


@pytest.mark.parametrize("name", ["world", "synthetic"])
def test_shares_add_up(name):
    inputs = load_inputs(name)
    for field in ("installed", "use_mix", "sector_need", "exports_share", "imports_share", "peer_weight"):
        assert getattr(inputs, field).sum(axis=-1) == pytest.approx(1, abs=1e-12), field
    assert inputs.demand.sum(axis=0) == pytest.approx(WORLD_DEMAND_BN)
    assert (inputs.capacity <= inputs.demand).all()


# formulas, worked out by hand


def test_risk_and_rating(world):
    # Kenya: risk class 7, so 16.5 % less 0.4 times its stability; rating class 4.
    stability = world.world.column("wgi_political_stability")[world.iso3.index("KEN")]
    assert at(world, "risk_class", "KEN") == 7
    assert at(world, "cost_of_capital", "KEN") == pytest.approx((16.5 - 0.4 * stability) / 100)
    assert at(world, "default_multiplier", "KEN") == pytest.approx(0.3 + 0.35 * 4**1.3)
    assert at(world, "rating_class", "DEU") == 0 and at(world, "default_multiplier", "DEU") == pytest.approx(0.3)


def test_alignment(world):
    expected = {
        "DEU": 1,
        "AUT": 0.5,
        "EGY": 0.6,
        "KWT": 0.6,
        "OMN": 0.4,
        "CRI": 0.2,
        "TWN": 0.8,
        "CHE": 0.3,
        "KEN": 0.6,
        "GHA": 0,
    }
    assert {code: at(world, "ally", code)[US] for code in expected} == pytest.approx(expected)
    expected = {"PRK": 0.9, "PAK": 0.6, "IND": 0, "RUS": 0.9, "KAZ": 0.35, "BRA": 0.1, "IRN": 0.9, "LAO": 0.5}
    assert {code: at(world, "ally", code)[CN] for code in expected} == pytest.approx(expected)
    tiers = {"RUS": 3, "CUB": 3, "VNM": 2, "VEN": 2, "KEN": 1, "CHE": 1, "DEU": 0}
    assert {code: at(world, "licence_tier", code) for code in tiers} == tiers
    assert at(world, "nonaligned", "IRL") == 0.8 and at(world, "nonaligned", "DEU") == pytest.approx(0)
    assert at(world, "scepticism", "TWN")[CN] == 1


def plain_rank(inputs, values, code):
    """(rank - 1/2) / n with ties at their mean, counted by hand."""
    mine = values[code]
    below = sum(value < mine for value in values.values())
    same = sum(value == mine for value in values.values())
    return (below + same / 2) / len(inputs)


@pytest.mark.parametrize("code", ["AAA", "AAC", "AAD", "AAE", "AAF", "AAG", "AAH", "AAI", "AAJ"])
def test_formulas_one_country_at_a_time(made_up, code):
    rows = {row["iso3"]: row for row in made_up.world.countries.rows if row["role"] == "importer"}
    facts = {
        name: {other: float(row[name] or "nan") for other, row in rows.items()}
        for name in rows[code]
        if name[:3] in ("wgi", "gdp", "pop", "eu", "ele", "vde", "gcc", "bri") and not name.endswith(("year", "source"))
    }

    def get(name):
        return at(made_up, name, code)

    def rank(name):
        return plain_rank(made_up, facts[name], code)

    ally_us, ally_cn, _ = get("ally")
    fear_us, fear_cn, _ = get("scepticism")
    far_us, far_cn = get("distance_rank")
    eu = facts["eu"][code]
    size, effective = rank("gdp_usd_bn"), rank("wgi_government_effectiveness")
    slack = min(max(4.38 * facts["electricity_capacity_gw"][code] / facts["electricity_consumption_twh"][code], 0.5), 2)
    wait = 12 + 14 * min(max(1.6 - slack, 0), 1.1) + 14 * (1 - effective) + 8 * eu
    assert get("grid_wait") == pytest.approx(min(max(wait, 6), 48))
    megawatts = 1000 * facts["electricity_capacity_gw"][code]
    assert get("electricity_headroom_mw") == pytest.approx(megawatts * (0.01 + 0.02 * (slack - 0.5)))

    assert get("likeness")[US] == pytest.approx(0.6 * facts["vdem_polyarchy"][code] + 0.4 * (1 - far_us))
    assert get("likeness")[CN] == pytest.approx(1 - get("likeness")[US])
    assert get("security_weight") == pytest.approx(0.3 + 0.35 * ally_us + 0.35 * rank("wgi_rule_of_law"))
    assert get("prior_security")[:2] == pytest.approx([0.03 + 0.10 * fear_us, 0.04 + 0.22 * fear_cn])
    odds = -3.2 + 1.5 * far_cn * (0.5 + fear_cn) - 0.8 * ally_cn
    assert get("prior_supply")[CN] == pytest.approx(1 / (1 + np.exp(-odds)))
    kept = 0.55 + 0.25 * ally_cn - 0.2 * fear_cn
    assert get("prior_commitment")[CN] == pytest.approx(min(max(kept, 0.1), 0.9))
    heads = {other: facts["gdp_usd_bn"][other] / facts["population_m"][other] for other in rows}
    assert get("income_rank") == pytest.approx(plain_rank(made_up, heads, code))
    assert get("organic_share") == pytest.approx(0.2 + 0.5 * get("income_rank"))
    # What is left of the regulation index is the rank of an index: between 0.05 and 0.95 of 0.30.
    rest = get("regulation") - 0.05 - 0.40 * eu - 0.20 * size
    assert rest / 0.30 * len(made_up) == pytest.approx(round(rest / 0.30 * len(made_up) - 0.5) + 0.5)

    ready = (get("readiness") - 0.2) / 1.8
    coverage = np.array([0.95, 0.50, 0.65, 0.82, 0.70, 0.95, 0.70]) * (0.55 + 0.55 * ready)
    assert get("capacity") == pytest.approx(get("demand") * np.clip(coverage, 0.1, 1))
    mix = [[0.04, 0.16, 0.40, 0.40], [0.07, 0.23, 0.40, 0.30], [0.12, 0.30, 0.38, 0.20], [0.18, 0.37, 0.30, 0.15]]
    mix = np.array(mix[get("income_group")]) * [0.5 + size, 1, 1, 1]
    assert get("use_mix") == pytest.approx(mix / mix.sum())

    shares, openness = by_stack(made_up)[made_up.iso3.index(code)], max(0.6 - fear_cn, 0)
    # What an exclusion for security keeps out: chips, models, data, security, applications.
    kept = 1 - get("ban_cn")[NET] * np.array(PARAMETERS["exclusion_reach"].default)
    if not get("embargoed"):
        assert shares[CMP, CN] == pytest.approx(kept[CMP] * (0.015 + 0.08 * openness))
        models = 0.01 + 0.06 * max(0.55 - fear_cn, 0)
        assert shares[MDL, CN] == pytest.approx(kept[MDL] * models)
        own = 0.02 + 0.10 * get("sovereignty") * ready
        assert shares[MDL, INDEPENDENT] == pytest.approx(own * (1 - kept[MDL] * models) / (1 - models))
        rest = [DAT, SEC, APP]
        china = 0.02 + np.array([0.10, 0.22, 0.20]) * openness
        assert shares[rest, CN] == pytest.approx(kept[rest] * china)
        expected = np.array([0.50 + 0.1 * get("likeness")[US], 0.50 - 0.15 * fear_us, 0.42 - 0.12 * fear_us])
        assert shares[rest, US] == pytest.approx(expected * (1 - kept[rest] * china) / (1 - china))


def test_arms_embargoes_short_of_a_broad_one_count(world):
    # Venezuela stands in D:5 without a broad embargo; Chinese chips and models hold a little more there.
    row = world.iso3.index("VEN")
    openness = max(0.6 - world.scepticism[row, CN], 0)
    assert world.embargoed[row] == 0
    assert by_stack(world)[row, CMP, CN] == pytest.approx(0.015 + 0.08 * openness + 0.06)


def test_networks_decay_towards_the_target_of_a_restriction(world):
    # Germany decided in 2024 to restrict: from one half towards 0.24, one year on.
    base = 0.24 + 0.26 * np.exp(-1 / 4)
    income = 0.75 + 0.5 * (1 - at(world, "income_rank", "DEU"))
    trade = 0.8 + 0.4 * min(at(world, "imports_share", "DEU")[CN] / 0.30, 1)
    assert by_stack(world)[world.iso3.index("DEU"), NET, CN] == pytest.approx(base * income * trade)
    assert by_stack(world)[world.iso3.index("TWN"), NET, CN] == 0
    assert by_stack(world)[world.iso3.index("RUS"), NET, US] == 0


def test_beliefs(made_up):
    rank = at(made_up, "distance_rank", "AAC")
    odds = -3.2 + 0.6 * (2.5 * rank[0] + 2.5)
    assert at(made_up, "prior_supply", "AAC")[US] == pytest.approx(1 / (1 + np.exp(-odds)))
    assert at(made_up, "prior_commitment", "AAC")[US] == pytest.approx(0.30)
    for name, mean in (("prior_supply", 0.03), ("prior_security", 0.05), ("prior_commitment", 0.9)):
        assert (getattr(made_up, name)[:, INDEPENDENT] == mean).all()


def test_bans_follow_known_positions(world, made_up):
    """By their strength: by law, in practice, restricted; what is only estimated bans nobody."""
    assert [at(world, "ban_cn", code)[NET] for code in ("GBR", "JPN", "DEU", "KEN")] == [1, 0.8, 0.5, 0]
    assert not world.ban_cn[:, 1:].any() and not world.ban_us.any()
    assert [made_up.iso3[row] for row in np.flatnonzero(made_up.ban_cn[:, NET])] == ["AAA", "AAH", "AAI"]
    assert made_up.ban_cn[:, NET].max() == 1 and at(made_up, "ban_cn", "AAH")[NET] == 0.5


def test_what_an_exclusion_keeps_out_is_not_installed():
    """Chinese shares fall by reach times degree, networks apart; the others grow in proportion to what they have."""
    shares = np.zeros((3, 7, 3))
    shares[:, :] = 0.5, 0.2, 0.3
    left, reach = excluded(shares, np.array([0.0, 0.5, 1.0])), np.array(PARAMETERS["exclusion_reach"].default)
    assert left.sum(axis=2) == pytest.approx(np.ones((3, 7))) and np.array_equal(left[0], shares[0])
    assert np.array_equal(left[:, NET], shares[:, NET])
    for row, degree in ((1, 0.5), (2, 1.0)):
        assert left[row, 1:, 1] == pytest.approx(0.2 * (1 - degree * reach[1:]))
        assert left[row, 1:, 0] / left[row, 1:, 2] == pytest.approx(np.full(6, 5 / 3))


def test_imports_from_homes_and_what_stands_for_an_unlisted_one(made_up):
    assert at(made_up, "imports_share", "AAA") == pytest.approx([0.14, 0.18, 0.68])
    assert at(made_up, "imports_share", "AAC")[:2] == pytest.approx([0.6 * 0.01, 0.33])
    assert at(made_up, "imports_share", "AAB")[:2] == pytest.approx([0.10, 0.10])
    assert at(made_up, "exports_share", "AAB")[:2] == pytest.approx([0.05, 0.05])
    assert "XUW" in made_up.filled["imports_share"]["AAC"] and "AAA" not in made_up.filled["imports_share"]


def test_an_embargo_raises_fear_and_closes_the_door(folder, made_up):
    edit(folder, "judgements", lambda row: None if row["item"] == "embargoed" else row)
    free = load_inputs(folder)
    assert at(made_up, "licence_tier", "AAC") == 3 and at(free, "licence_tier", "AAC") == 2
    assert at(made_up, "prior_supply", "AAC")[US] > at(free, "prior_supply", "AAC")[US] + 0.1
    row = made_up.iso3.index("AAC")
    assert (by_stack(made_up)[row, :, US] < by_stack(free)[row, :, US]).all()
    assert by_stack(made_up)[row, NET, CN] >= 0.6 and by_stack(made_up)[row, CMP, CN] == pytest.approx(0.55)


def test_a_maker_of_radio_equipment_buys_at_home(folder, made_up):
    edit(folder, "judgements", lambda row: None if row["item"] == "radio_vendor_home" else row)
    row = made_up.iso3.index("AAI")
    without = by_stack(load_inputs(folder))[row, NET, CN]
    assert by_stack(made_up)[row, NET, CN] == pytest.approx(without / 4)


def test_the_gulf_hub_takes_from_the_domestic_champion(made_up):
    hub, domestic = VENDORS.index("in_gulf_hub"), VENDORS.index("in_domestic_champion")
    own = by_stack(made_up)[:, CLD, INDEPENDENT]
    for code, share in (("AAE", 0.60), ("AAA", 0.03)):
        row = made_up.iso3.index(code)
        assert made_up.installed[row, CLD, hub] == pytest.approx(share * own[row])
        assert made_up.installed[row, CLD, domestic] == pytest.approx((0.85 - share) * own[row])


# anchors: what is known about the world, and the reference values the formulas were first printed with


def test_demand_weighted_shares(world):
    shares = (by_stack(world) * world.demand[:, :, None]).sum(axis=0) / world.demand.sum(axis=0)[:, None]
    reference = {
        US: [0.16, 0.93, 0.76, 0.56, 0.89, 0.47, 0.40],
        CN: [0.26, 0.04, 0.06, 0.04, 0.03, 0.05, 0.05],
        INDEPENDENT: [0.58, 0.03, 0.18, 0.40, 0.09, 0.48, 0.56],
    }
    for stack, expected in reference.items():
        assert shares[:, stack] == pytest.approx(expected, abs=0.015), STACKS[stack]
    # Reported: Chinese radio outside China 21-30 %, US cloud two thirds or more, US accelerators nine tenths or more.
    assert 0.21 <= shares[NET, CN] <= 0.30
    assert shares[CLD, US] >= 2 / 3 and shares[CMP, US] >= 0.9


@pytest.mark.parametrize(
    ("code", "absorption", "rate", "sovereignty", "us", "cn", "network", "cloud"),
    [
        ("KEN", 0.37, 17, 0.36, 0.24, 0.19, 0.6, (0.68, 0.10)),
        ("IDN", 0.55, 8, 0.77, 0.55, 0.02, 0.6, (0.58, 0.26)),
        ("VNM", 0.62, 10, 0.58, 0.54, 0.31, 0.2, (0.70, 0.05)),
        ("IND", 0.53, 8, 0.78, 0.40, 0.68, 0.3, (0.80, 0.05)),
        ("BRA", 0.55, 10, 0.65, 0.30, 0.30, 0.5, (0.73, 0.12)),
        ("KOR", 0.88, 5, 0.45, 0.03, 0.35, 0.13, (0.76, 0.11)),
        ("FRA", 0.87, 5, 0.68, 0.05, 0.67, 0.2, (0.83, 0.02)),
        ("HUN", 0.76, 5, 0.58, 0.05, 0.39, 0.4, (0.75, 0.06)),
        ("IRN", 0.38, 17, 0.75, 1.00, 0.00, 0.6, (0.05, 0.15)),
        ("TWN", 0.91, 6, 0.43, 0.05, 1.00, 0.0, (0.79, 0.01)),
    ],
)
def test_reference_rows(world, code, absorption, rate, sovereignty, us, cn, network, cloud):
    assert at(world, "absorption", code) == pytest.approx(absorption, abs=0.035)
    assert at(world, "cost_of_capital", code) == pytest.approx(rate / 100, abs=0.005)
    assert at(world, "sovereignty", code) == pytest.approx(sovereignty, abs=0.035)
    assert at(world, "scepticism", code)[:2] == pytest.approx([us, cn], abs=0.015)
    row = world.iso3.index(code)
    assert by_stack(world)[row, NET, CN] == pytest.approx(network, abs=0.05)
    assert by_stack(world)[row, CLD, :2] == pytest.approx(cloud, abs=0.045)


def test_inputs_are_nearly_one_dimensional(world):
    # Development and Western alignment go together; nobody should read these as independent evidence.
    assert np.corrcoef(world.readiness, world.absorption)[0, 1] > 0.9
    assert np.corrcoef(world.scepticism[:, US], world.likeness[:, US])[0, 1] < -0.8


# blanks


def test_blank_cells_are_filled_and_flagged(folder, made_up):
    assert made_up.filled["internet_users_pct"]["AAB"] == "median of Made-up South"
    assert made_up.filled["readiness"]["AAB"] == "through internet_users_pct"
    assert made_up.filled["risk_class"]["AAB"] == "through oecd_country_risk"
    assert "AAA" not in made_up.filled["readiness"]
    assert set(made_up.filled["exclusion"]) == {"AAB", "AAC", "AAD", "AAG", "AAJ"}
    edit(folder, "countries", with_cells("AAA", internet_users_pct="", vdem_polyarchy="", oecd_country_risk=""))
    blank = load_inputs(folder)
    # The one other country of its sub-region stands in.
    assert blank.filled["internet_users_pct"]["AAA"] == "median of Upper coast"
    assert "AAA" in blank.filled["vdem_polyarchy"] and "AAA" in blank.filled["cost_of_capital"]
    assert at(blank, "readiness", "AAA") - at(made_up, "readiness", "AAA") == pytest.approx(1.8 / 0.6 * 0.0075 * 0.02)


def test_regional_estimates_of_ai_users_are_not_used(folder, made_up):
    edit(folder, "countries", with_cells("AAG", ai_user_share_pct="99"))
    assert np.array_equal(load_inputs(folder).absorption, made_up.absorption)
    edit(folder, "countries", with_cells("AAF", ai_user_share_pct="99"))
    assert at(load_inputs(folder), "absorption", "AAF") > at(made_up, "absorption", "AAF")


def test_neighbour_median_goes_from_sub_region_to_region_to_all():
    values = np.array([np.nan, 2.0, np.nan, 8.0, np.nan])
    groups = {"subregion": ["a", "a", "b", "c", "d"], "region": ["x", "x", "y", "y", "z"]}
    filled = Filled()
    result = neighbour_median("thing", values, list("ABCDE"), groups, filled)
    assert result.tolist() == [2.0, 2.0, 8.0, 8.0, 5.0]
    assert filled["thing"] == {"A": "median of a", "C": "median of y", "E": "median of all importers"}


def test_originals_go_over_the_open_index(tmp_path, made_up):
    path = tmp_path / "mine.csv"
    path.write_text(
        "iso3,imf_ai_preparedness,imf_human_capital,imf_regulation_ethics,oxford_ai_readiness\nAAA,0.5,,,80\nAAB,,0.1,,\n"
    )
    loaded = load_inputs("synthetic", originals=path)
    assert at(loaded, "readiness", "AAA") == pytest.approx(0.2 + 1.8 * 0.3 / 0.6)
    assert at(loaded, "readiness", "AAC") == at(made_up, "readiness", "AAC")
    assert at(loaded, "clarity", "AAA") == pytest.approx(0.15 + 0.42 * 0.8 + 0.28 * 0.85)
    assert "AAA" not in loaded.filled["imf_ai_preparedness"] and "AAB" in loaded.filled["imf_ai_preparedness"]
    assert loaded.facts_hash != made_up.facts_hash
    path.write_text("iso3,imf_ai_preparedness,imf_human_capital,imf_regulation_ethics,oxford_ai_readiness\nAAA,55,,,\n")
    with pytest.raises(InputError, match=r"mine\.csv, line 2 \(AAA\), column imf_ai_preparedness: 55 is out of bounds"):
        load_inputs("synthetic", originals=path)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=40))
def test_rank_share_is_the_mean_rank(values):
    array = np.array(values, dtype=float)
    assert rank_share(array) == pytest.approx((rankdata(array) - 0.5) / len(array))


def test_rank_share_leaves_blanks():
    assert rank_share_known(np.array([3.0, np.nan, 1.0])) == pytest.approx([0.75, np.nan, 0.25], nan_ok=True)


def test_order_of_rows_does_not_matter(folder, made_up):
    for table in ("countries", "trade", "borders", "huawei", "judgements"):
        path = folder / f"{table}.csv"
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    turned = load_inputs(folder)
    assert turned.iso3 == made_up.iso3
    for name in declared_inputs():
        assert np.array_equal(getattr(turned, name), getattr(made_up, name)), name


def test_what_was_asked_for_last_is_still_there_when_room_is_needed(tmp_path, monkeypatch):
    monkeypatch.setattr("stackcraft.model.inputs.MOST_LOADED", 3)
    monkeypatch.setattr("stackcraft.model.inputs._LOADED", {})
    first = load_inputs("synthetic")
    for name in ("neighbours", "region", "votes", "random"):
        load_inputs("synthetic", peer_graph=name)
        assert load_inputs("synthetic") is first
