"""The shipped tables, the checks that guard them, and the script that compiles them."""

import csv
import hashlib
import importlib.util
import shutil

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import IMPORTERS, LAYERS, VENDORS
from stackcraft.model import imputation
from stackcraft.model.fact_tables import importers_of, read_world
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scripted_deals import decimal_year, load_scripted_deals
from stackcraft.model.tables import FACTS, SCHEMA, SCRIPTED_DEALS, facts_hash, folder_of


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, rows, columns=None):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path):
    """A copy of the made-up world, with its own tables of vendors and financiers, to be spoiled."""
    copy = tmp_path / "spoiled"
    shutil.copytree(FACTS / "synthetic", copy)
    for table in ("vendors", "vendor_layers", "financiers"):
        shutil.copy(FACTS / "world" / f"{table}.csv", copy)
    return copy


def spoil(folder, table, changes, row=0):
    """Change cells of one row of a table."""
    rows = read(folder / f"{table}.csv")
    rows[row].update(changes)
    write(folder / f"{table}.csv", rows)


# what is shipped


@pytest.mark.parametrize("world", ["world", "synthetic"])
def test_every_column_is_described_with_source_and_licence(world):
    described = {(row["table"], row["column"]): row for row in read(FACTS / world / "columns.csv")}
    tables = {**SCHEMA, "scripted_deals": SCRIPTED_DEALS}
    shipped = {(path.stem, column) for path in (FACTS / world).glob("*.csv") for column in tables.get(path.stem, {})}
    assert set(described) == shipped
    for key, row in described.items():
        assert row["what"] and row["unit"] and row["source"] and row["licence"], key
        assert row["judgement"] in ("0", "1"), key


def test_nothing_is_shipped_that_may_not_be():
    text = "\n".join(path.read_text(encoding="utf-8") for path in (FACTS / "world").glob("*.csv")).lower()
    header = " ".join(SCHEMA["countries"])
    for word in ("imf", "oxford", "generation"):
        assert word not in header
    for word in ("cc by-sa", "all rights reserved", "imf terms", "oxford insights"):
        assert word not in text


def test_importers_are_those_the_agents_know():
    assert importers_of("world") == IMPORTERS
    assert tuple(load_inputs().iso3) == IMPORTERS


def test_made_up_world_covers_what_tests_need():
    world = load_inputs("synthetic")
    assert len(world) == 10
    assert "made up" in world.name[0]
    assert world.ban_cn[:, LAYERS.index("network")].any()
    assert world.embargoed.any()
    assert (world.ally[:, 0] == 1).any() and (world.ally[:, 1] > 0.5).any()
    assert {0, 1, 2, 3} == set(world.income_group.tolist())
    blanks = [column for row in read(FACTS / "synthetic" / "countries.csv") for column, cell in row.items() if not cell]
    assert {"internet_users_pct", "oecd_country_risk", "vdem_polyarchy", "electricity_capacity_gw"} <= set(blanks)
    # Made-up codes and numbers belong to nobody.
    assert not set(world.iso3) & set(IMPORTERS)
    assert all(900 <= number <= 999 for number in world.iso_number)


def test_fits_can_be_made_again_from_the_tables():
    inputs = load_inputs()
    world = inputs.world
    columns = {
        name: world.column(name) for name in ("wgi_rule_of_law", "wgi_regulatory_quality", "wgi_political_stability")
    }
    columns |= {"log_gdp_per_head": np.log(inputs.gdp / inputs.population * 1000), "distance_us": inputs.distance[:, 0]}
    for target, coefficients in (
        ("oecd_country_risk", imputation.RISK_CLASS),
        ("vdem_polyarchy", imputation.POLYARCHY),
    ):
        values = world.column(target)
        known = ~np.isnan(values)
        names = [name for name in coefficients if name != "constant"]
        design = np.column_stack([np.ones(known.sum()), *(columns[name][known] for name in names)])
        found, *_ = np.linalg.lstsq(design, values[known], rcond=None)
        written = np.array([coefficients["constant"], *(coefficients[name] for name in names)])
        assert np.abs(design @ (found - written)).max() < 0.02 * np.std(values[known])


def test_exclusion_fit_is_at_its_optimum():
    inputs = load_inputs()
    status = {row["iso3"]: row["status"] for row in inputs.world.huawei.rows}
    known = np.array([code in status for code in inputs.iso3])
    excluded = np.array([status.get(code) in ("ban", "de_facto_ban", "restricted") for code in inputs.iso3])[known]
    columns = (
        inputs.distance_rank[:, 1], inputs.ally[:, 0], inputs.imports_share[:, 1], inputs.income_rank,
        inputs.world.column("bri_mou"),
    )  # fmt: skip
    design = np.column_stack([np.ones(known.sum()), *(column[known] for column in columns)])
    weights = np.array(list(imputation.HUAWEI_EXCLUDED.values()))
    ridge = 0.3 * weights * (np.arange(6) > 0)
    gradient = design.T @ (excluded - imputation.sigmoid(design @ weights)) - ridge
    assert np.abs(gradient).max() < 0.02  # zero at the optimum, up to rounding of the coefficients


# the hash


def test_hash_is_over_names_and_contents_in_order(tmp_path):
    (tmp_path / "b.csv").write_bytes(b"two")
    (tmp_path / "a.csv").write_bytes(b"one")
    expected = hashlib.sha256(b"a.csv 3\n" + b"one" + b"b.csv 3\n" + b"two").hexdigest()
    assert facts_hash([tmp_path / "b.csv", tmp_path / "a.csv"]) == expected


def test_hash_follows_the_facts_and_not_the_place(folder):
    before = read_world(folder).facts_hash
    # Vendors come from the standard world where a folder has none, so they count as well.
    assert before == read_world("synthetic").facts_hash
    spoil(folder, "financiers", {"used_bn": "35"})
    assert read_world(folder).facts_hash != before


# faults are one clear line


@pytest.mark.parametrize(
    ("table", "changes", "words"),
    [
        (
            "countries",
            {"wgi_rule_of_law": "high"},
            ["countries.csv", "line 2", "AAA", "wgi_rule_of_law", "'high'", "from -4 to 4"],
        ),
        ("countries", {"internet_users_pct": "140"}, ["AAA", "internet_users_pct", "140", "from 0 to 100"]),
        ("countries", {"gdp_usd_bn": ""}, ["AAA", "gdp_usd_bn", "blank", "number"]),
        ("countries", {"gdp_usd_bn": "nan"}, ["AAA", "gdp_usd_bn", "nan", "out of bounds"]),
        ("countries", {"eu": "0.5"}, ["AAA", "eu", "not whole"]),
        ("countries", {"iso3": "DEX", "iso_number": "5"}, ["DEX", "ISO 3166-1", "did you mean DEU?", "900 to 999"]),
        ("countries", {"iso3": "DEU"}, ["DEU", "iso_number", "901", "276"]),
        ("countries", {"iso3": "aaa"}, ["'aaa'", "three capital letters"]),
        ("countries", {"iso_number": "905"}, ["iso_number", "905", "AAA"]),
        ("countries", {"role": "exporter"}, ["role", "'exporter'", "did you mean importer?"]),
        ("countries", {"role": "us_home"}, ["role", "2 rows are us_home", "exactly one"]),
        ("votes", {"iso3": "AAX"}, ["votes.csv", "line 2", "iso3", "'AAX'", "did you mean AA"]),
        ("huawei", {"status": "banned"}, ["huawei.csv", "status", "'banned'", "did you mean ban?"]),
        ("trade", {"partner": "ZZZ"}, ["trade.csv", "line 2", "partner", "'ZZZ'", "countries.csv has no such country"]),
        ("trade", {"share_pct": "120"}, ["trade.csv", "share_pct", "120", "from 0 to 100"]),
        ("trade", {"share_pct": "90"}, ["trade.csv", "share_pct", "add up to", "may not exceed 100"]),
        ("trade", {"partner": "AAA"}, ["trade.csv", "partner", "the country itself"]),
        ("borders", {"partner": "AAA"}, ["borders.csv", "the country itself"]),
        ("judgements", {"value": "AAF QQQ"}, ["judgements.csv", "'QQQ'", "unknown"]),
        ("judgements", {"item": "ally", "value": "1"}, ["judgements.csv", "'ally'", "did you mean ally_"]),
        ("vendor_layers", {"attribution_us": "0.7"}, ["vendor_layers.csv", "us_chip_house, chips", "add up to 0.7"]),
        (
            "vendor_layers",
            {"stack_share": "0.7"},
            ["vendor_layers.csv", "stack_share", "US stack in chips", "add up to 0.8"],
        ),
        ("vendor_layers", {"layer": "chip"}, ["'chip'", "did you mean chips?"]),
        ("financiers", {"ai_share": "15"}, ["financiers.csv", "us_exim", "ai_share", "from 0 to 1"]),
    ],
)
def test_broken_cells(folder, table, changes, words):
    spoil(folder, table, changes)
    with pytest.raises(InputError) as caught:
        load_inputs(folder)
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_share_of_a_judgement_is_bounded(folder):
    spoil(folder, "judgements", {"value": "7"}, row=2)
    with pytest.raises(InputError, match=r"AAD, ally_cn.*'7'.*0 to 1"):
        load_inputs(folder)


def test_missing_and_unknown_columns(folder):
    rows = read(folder / "countries.csv")
    columns = [name for name in rows[0] if name != "gcc"]
    write(folder / "countries.csv", rows, columns)
    with pytest.raises(InputError, match=r"countries\.csv, line 1: column gcc is missing"):
        load_inputs(folder)
    write(folder / "countries.csv", [{**row, "gdp": 1} for row in rows], [*rows[0], "gdp"])
    with pytest.raises(InputError, match=r"column 'gdp' is unknown; did you mean"):
        load_inputs(folder)


def test_ragged_row_twice_the_same_row_and_missing_table(folder):
    path = folder / "borders.csv"
    text = path.read_text()
    path.write_text(text + "AAA\n")
    with pytest.raises(InputError, match=r"borders\.csv, line 7: the row has not 2 cells"):
        load_inputs(folder)
    path.write_text(text + "AAA,AAI\n")
    with pytest.raises(InputError, match=r"borders\.csv, line 7 \(AAA, AAI\).*stands in line 2"):
        load_inputs(folder)
    path.unlink()
    with pytest.raises(InputError, match=r"has no borders\.csv"):
        load_inputs(folder)


def test_missing_vendor_votes_and_unknown_world(folder):
    rows = [row for row in read(folder / "vendors.csv") if row["vendor"] != "in_gulf_hub"]
    write(folder / "vendors.csv", rows)
    with pytest.raises(InputError, match="vendor in_gulf_hub is missing"):
        load_inputs(folder)
    shutil.copy(FACTS / "world" / "vendors.csv", folder)
    write(folder / "votes.csv", [row for row in read(folder / "votes.csv") if row["iso3"] != "AAJ"])
    with pytest.raises(InputError, match=r"votes.csv has no row for AAJ"):
        load_inputs(folder)
    with pytest.raises(InputError, match="did you mean synthetic"):
        folder_of("synthetik")
    with pytest.raises(InputError, match=r"holds no countries.csv"):
        folder_of(folder.parent)


def test_a_layer_that_nobody_serves(folder):
    rows = [row for row in read(folder / "vendor_layers.csv") if row["layer"] != "data"]
    write(folder / "vendor_layers.csv", rows)
    with pytest.raises(InputError, match="nobody serves the layer data"):
        load_inputs(folder)


def test_column_without_any_value_cannot_be_filled(folder):
    rows = read(folder / "countries.csv")
    write(folder / "countries.csv", [{**row, "github_developers": ""} for row in rows])
    with pytest.raises(InputError, match=r"github_developers.*give at least one"):
        load_inputs(folder)


# announced deals


def test_announced_deals_are_complete_and_on_known_names():
    deals = load_scripted_deals()
    assert [deal.announced for deal in deals] == sorted(deal.announced for deal in deals)
    named = {deal.deal: deal for deal in deals}
    assert {"konza", "stargate_uae", "stargate_uk", "stargate_norway", "stargate_argentina", "malaysia_ascend"} <= set(
        named
    )
    for deal in deals:
        assert deal.iso3 in IMPORTERS
        assert set(deal.other_vendors) <= set(VENDORS) - {deal.vendor}
        assert deal.source.startswith("http") and deal.outcome_source.startswith("http")
    assert named["stargate_norway"].outcome == "novated" and named["stargate_uk"].outcome == "paused"
    assert named["stargate_argentina"].value_bn == 25
    assert named["stargate_uae"].value_bn == pytest.approx(35)  # 1,000 MW at 35 million a megawatt
    assert named["malaysia_ascend"].value_bn is None
    assert load_scripted_deals("synthetic") == []


def test_broken_deals(folder):
    shutil.copy(FACTS / "world" / "scripted_deals.csv", folder)
    with pytest.raises(InputError, match=r"scripted_deals\.csv, line 2.*iso3.*'SEN' is unknown"):
        load_scripted_deals(folder)
    rows = [{**row, "iso3": "AAA"} for row in read(folder / "scripted_deals.csv")]
    for changes, words in (
        ({"layers": "cloud;chip"}, "'chip' is unknown; did you mean chips"),
        ({"announced": "2025-13-01"}, "'2025-13-01' is not a date"),
        ({"announced": "2024", "outcome_date": "2023"}, "2023 is before the announcement"),
    ):
        write(folder / "scripted_deals.csv", [{**rows[0], **changes}, *rows[1:]])
        with pytest.raises(InputError, match=words):
            load_scripted_deals(folder)


def test_deals_that_changed_on_disk_are_read_again(folder):
    rows = [{**row, "iso3": "AAA"} for row in read(FACTS / "world" / "scripted_deals.csv")]
    write(folder / "scripted_deals.csv", rows[:2])
    first = load_scripted_deals(folder)
    first.clear()  # a caller's own list
    assert len(load_scripted_deals(folder)) == 2
    write(folder / "scripted_deals.csv", rows[:3])
    assert len(load_scripted_deals(folder)) == 3


def test_decimal_years():
    assert decimal_year("2025") == 2025
    assert decimal_year("2025-07") == 2025.5
    assert decimal_year("2025", late=True) < 2026


# the script that compiles the tables


@pytest.fixture
def compiler():
    spec = importlib.util.spec_from_file_location("facts_compile", FACTS / "compile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_compiled_tables(compiler, tmp_path, capsys):
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    about = read(FACTS / "world" / "columns.csv")
    names = [row["raw_column"] for row in about if row["table"] == "countries" and row["raw_column"]]
    extra = ["imf_aipi_2023", "gdp_usd_bn_world_bank", "gdp_world_bank_year"]
    blank = dict.fromkeys([*names, *extra], "")
    gdp = {"gdp_usd_bn": "200", "gdp_year": "2024", "gdp_source": "factbook", "gdp_world_bank_year": "2020"}
    write(raw / "countries.csv", [
        {**blank, **gdp, "iso3": "USA", "imf_aipi_2023": "0.77", "gdp_usd_bn_world_bank": "300"},
        {**blank, **gdp, "iso3": "CUB", "gdp_usd_bn_world_bank": "100"},
        {**blank, **gdp, "iso3": "SYR", "gdp_usd_bn_world_bank": "80"},
        {**blank, **gdp, "iso3": "SDN", "gdp_usd_bn_world_bank": "300"},
    ])  # fmt: skip
    write(
        raw / "history_unga_ideal_points.csv",
        [
            {"iso3": code, "year": year, "unga_ideal_point": point}
            for code, year, point in (
                ("USA", 2021, 2.5),
                ("USA", 2023, 2.2),
                ("USA", 2024, 2.1),
                ("CUB", 2019, -1.0),
                ("CUB", 2020, -1.2),
            )
        ],
    )
    write(raw / "events_huawei_5g.csv", [{"iso3": "USA", "status": "ban", "year": 2019, "decision": "a, b"}])
    partners = [("CUB", "USA", 10), ("CUB", "SYR", 30)]
    write(
        raw / "edges_trade.csv",
        [{"iso3_a": a, "iso3_b": b, "flow": "import", "weight": w, "value_usd_bn": 1} for a, b, w in partners],
    )
    write(raw / "edges_contiguity.csv", [{"iso3_a": "SYR", "iso3_b": "SDN", "weight": 12.0}])

    assert compiler.main([str(raw), str(out)]) == 0
    assert "countries.csv: 4 rows" in capsys.readouterr().out
    countries = {row["iso3"]: row for row in read(out / "countries.csv")}
    assert list(countries) == ["CUB", "SDN", "SYR", "USA"]
    assert list(countries["USA"]) == list(SCHEMA["countries"])  # so nothing that is not listed, such as the IMF's index
    assert (countries["USA"]["role"], countries["USA"]["iso_number"]) == ("us_home", "840")
    assert (countries["USA"]["gdp_usd_bn"], countries["USA"]["gdp_source"]) == ("200", "factbook")
    assert (countries["CUB"]["gdp_usd_bn"], countries["CUB"]["gdp_year"]) == ("25.000", "2020")
    assert (countries["SYR"]["gdp_usd_bn"], countries["SDN"]["gdp_usd_bn"]) == ("80", "200")
    assert "judgement" in countries["SDN"]["gdp_source"]
    votes = [(row["iso3"], row["year"]) for row in read(out / "votes.csv")]
    assert votes == [("CUB", "2020"), ("USA", "2023"), ("USA", "2024")]
    assert [row["partner"] for row in read(out / "trade.csv")] == ["SYR", "USA"]


def test_compiling_without_raw_tables_says_what_is_missing(compiler, tmp_path, capsys):
    assert compiler.main([str(tmp_path)]) == 2
    assert "lacks countries.csv" in capsys.readouterr().err
    assert compiler.main([]) == 2
