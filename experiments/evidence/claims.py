"""The claims of the policy debate, one declared row each: what to move, what to read, and which way it should go.

The letter of an identifier names the text that a claim comes from, `SOURCES`; "System" is a real programme or firm. `low` and `high` are what is moved; `setting` holds on both sides, where a lever needs company to matter at all
(money without eligible deals moves nothing). No sign here is fitted to the model: where the model disagrees, the trace says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from stackcraft.experiments.variants import Setting
from stackcraft.experiments.readings import CLUB
from stackcraft.model.loop.codes import SUBMODELS


SOURCES = {
    "B": "A. Botting, America's AI Export Strategy, 30 September 2025",
    "A": "The American AI Exports Program, a strategic assessment",
    "I": "Institute for Progress, nine recommendations for the American AI Exports Program",
    "O": "H. Omaar, The Hard Part Won't Be Exporting US AI - It'll Be Making It Stick",
    "L": "A. Leicht, on country-level AI deals",
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim.

    `sentence` in the project's own words; `lever` as users know it; `sign` is the direction claimed for `metric` (a reading)
    when `low` becomes `high`; `carrier` the submodels through which it should work: with them off, half the effect or more
    should be gone. `upside` and `downside` are readings that show what the move brings and costs.
    """

    claim: str
    sentence: str
    lever: str
    metric: str
    sign: int
    carrier: tuple[str, ...]
    low: Setting = Setting()
    high: Setting = Setting()
    setting: tuple[str, ...] = ()
    upside: str = ""
    downside: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.carrier) - set(SUBMODELS)
        if unknown:
            raise ValueError(f"claim {self.claim}: {sorted(unknown)} are no submodels")

    def sides(self, *off: str) -> tuple[Setting, Setting]:
        """The two settings, with the common levers and, if given, submodels switched off."""
        return tuple(
            Setting((*self.setting, *one.levers), one.presets, one.parameters, one.off).without(*off) for one in (self.low, self.high)
        )


def _levers(*texts: str) -> Setting:
    return Setting(levers=texts)


def _claim(claim: str, sentence: str, lever: str, metric: str, sign: int, carrier: str, low: object, high: object, **more: object) -> Claim:
    """A claim from strings: levers separated by blanks, submodels by blanks; a `Setting` is taken as it is."""

    def side(given: object) -> Setting:
        return given if isinstance(given, Setting) else _levers(*str(given).split())

    return Claim(
        claim=claim, sentence=sentence, lever=lever, metric=metric, sign=sign, carrier=tuple(carrier.split()), low=side(low),
        high=side(high), **more,
    )


# Small deals may be supported; with four times the money as well.
OPEN = ("us_government.min_package_mw=2",)
FUNDED = (*OPEN, "us_government.budget_bn=8", "us_government.start_delay_months=0")
LAVISH = (*OPEN, "us_government.budget_bn=50", "us_government.start_delay_months=0")
BY_SCORE = (*FUNDED, "us_government.gravity=0")
US = "us_government"
LOANS, GRANTS = "us_financiers.instrument_mix=0,0,1,0,0,0", "us_financiers.instrument_mix=1,0,0,0,0,0"
GUARANTEES, EQUITY = "us_financiers.instrument_mix=0,0,0,1,0,0", "us_financiers.instrument_mix=0,0,0,0,0,1"
SOVEREIGN, NARROW, SOFTWARE = (f"us_vendors.deal_class={mix}" for mix in ("1,0,0", "0,1,0", "0,0,1"))
MIXED = "us_vendors.deal_class=0,0.5,0.5"
TEAMS = " ".join(f"us_vendors.teams.{code}=0.2" for code in CLUB.split())
DOUBT = (("alliance_doubt_rate.us_government", 0.5),)
ADDED, RATE = "US chance added", "US chance added, a supported tender"

CLAIMS = (
    _claim("I1", "Support does more where the market is contested than where commerce would win anyway.", "weight_additional, gravity", RATE, 1,
           "targeting", f"{US}.weight_additional=0 {US}.gravity=1", f"{US}.weight_additional=1 {US}.gravity=0", setting=FUNDED,
           upside="US contested share of support", downside="US default loss"),
    _claim("I2", "Letting small deals in reaches more countries than data-centre-scale packages alone.", "min_package_mw", "US countries supported", 1,
           "targeting", "", f"{US}.min_package_mw=2", upside="US supported tenders", downside="US public cost"),
    _claim("I3", "Industry as the messenger wins over the non-aligned.", "industry_led", "US chance, non-aligned", 1, "framing affiliation",
           f"{US}.industry_led=0", f"{US}.industry_led=1", upside="US chance, sceptical", downside="US bids a tender"),
    _claim("I4", "Judging the programme by use moves its support to where it will be used.", "weight_headline, weight_use",
           "US absorption of the supported", 1, "targeting", f"{US}.weight_headline=1", f"{US}.weight_use=1", setting=BY_SCORE,
           upside="US use five years on", downside="US announced"),
    _claim("I5", "Counting operated cloud as an export makes US cloud spread.", "cloud_counts", "US installed, cloud", 1, "finance",
           f"{US}.cloud_counts=0", f"{US}.cloud_counts=1", setting=FUNDED, upside="US months to operation", downside="sovereignty"),
    _claim("I5 time", "Counting operated cloud as an export shortens the way to operation.", "cloud_counts", "US months to operation", -1, "licences",
           f"{US}.cloud_counts=0", f"{US}.cloud_counts=1", setting=FUNDED, upside="US renewed", downside="sovereignty"),
    _claim("I5 renewal", "Operated cloud that counts as an export is kept.", "cloud_counts", "US renewed", 1, "incumbency", f"{US}.cloud_counts=0",
           f"{US}.cloud_counts=1", setting=FUNDED, upside="US retained five years on", downside="sovereignty"),
    _claim("I6", "Guardrails now prevent restrictions later.", "guardrail", "US later restrictions", -1, "diversions", f"{US}.guardrail=0",
           f"{US}.guardrail=1", upside="US diversions", downside="US chance"),
    _claim("I7", "Without the consortium rule small vendors win more.", "consortium_required", "US small vendors' share", 1, "packages finance",
           f"{US}.consortium_required=1", f"{US}.consortium_required=0", setting=FUNDED, upside="US chance", downside="US bids a tender"),
    _claim("I8", "Local hosting and confidential computing win where sovereignty matters.", "local_hosting, confidential_computing",
           "US chance, sovereignty-minded", 1, "sovereignty supply_fear", f"{US}.local_hosting=0 {US}.confidential_computing=0",
           f"{US}.local_hosting=1 {US}.confidential_computing=1", upside="sovereignty", downside="US chance, low income"),
    _claim("I9", "Evaluation kits bring beliefs about security closer to the truth.", "evaluation_kit", "US error on security", -1, "beliefs",
           f"{US}.evaluation_kit=0", f"{US}.evaluation_kit=1", upside="US spread of security beliefs", downside="US chance"),
    _claim("I0", "A late start costs wins that support would have brought.", "start_delay_months", ADDED, -1, "targeting",
           f"{US}.start_delay_months=0", f"{US}.start_delay_months=36", setting=(*OPEN, f"{US}.budget_bn=8"), upside=ADDED, downside="US supported tenders"),
    _claim("I0 budget", "An underpowered programme forgoes wins.", "budget_bn", ADDED, 1, "targeting", f"{US}.budget_bn=0.5", f"{US}.budget_bn=20",
           setting=OPEN, upside="US supported tenders", downside="US public cost"),
    _claim("B0", "If the financing agencies' authority lapses, deals go unfinanced.", "cap_date", "US supported tenders", -1, "finance", "",
           "us_exim.cap_date=2027 us_dfc.cap_date=2027", setting=FUNDED, upside="exposure, us_exim", downside=ADDED),
    _claim("B1", "Networks belong in the stack: financing them raises the US share there.", "include_network", "US installed, network", 1, "finance",
           f"{US}.include_network=0", f"{US}.include_network=1", setting=LAVISH, upside="US installed, cloud", downside=RATE),
    _claim("B2", "Calculated risk for a limited time wins footholds that a cautious rule forgoes.", "risk_tolerance, strategic_premium, sunset_year",
           ADDED, 1, "finance", "us_financiers.risk_tolerance=0",
           "us_financiers.risk_tolerance=0.3 us_financiers.strategic_premium=0.15 us_financiers.sunset_year=2035", setting=FUNDED,
           upside="US installed, low income", downside="US default loss"),
    _claim("B2a", "Loans come back, grants do not: an adopter won with loans costs less.", "instrument_mix", "US cost a retained adopter", -1, "finance",
           GRANTS, LOANS, setting=FUNDED, upside="US public cost", downside=ADDED),
    _claim("B3", "Revenue from contracts feeds research, and research quality.", "rnd_share", "quality of cn_full_stack_champion", 1, "quality_feedback",
           "cn_full_stack_champion.rnd_share=0", "cn_full_stack_champion.rnd_share=0.4", upside="CN chance", downside="US network lead"),
    _claim("B4", "Rights to data improve the models of who holds them.", "data_rights", "US model lead", 1, "data_feedback", "us_vendors.data_rights=0",
           "us_vendors.data_rights=1", upside="US model lead", downside="US chance, sovereignty-minded"),
    _claim("B5", "Presence is leverage, and leverage used brings concessions.", "coerce", "US concession stakes", 1, "disputes", f"{US}.coerce=0",
           f"{US}.coerce=1", upside="US coercion events", downside="US trust"),
    _claim("B6", "Where an alliance is in doubt, costly signals keep allies from turning elsewhere.", "alliance_signal_bn", "US chance, allies", 1, "signals",
           Setting((f"{US}.alliance_signal_bn=0",), parameters=DOUBT), Setting((f"{US}.alliance_signal_bn=20",), parameters=DOUBT),
           upside="multi-homing of allies", downside="US public cost"),
    _claim("B6 doubt", "Doubt about an alliance makes allies use a second source.", "shock alliance_doubt", "multi-homing of allies", 1, "alliance hedge",
           Setting(parameters=(("alliance_doubt_rate.us_government", 0.0),)), Setting(parameters=DOUBT), upside="CN chance, allies",
           downside="US chance, allies"),
    _claim("B6a", "Told that a rival's equipment weakens the umbrella, allies buy less of it.", "umbrella_message", "CN chance, allies", -1, "security_fear",
           f"{US}.umbrella_message=0", f"{US}.umbrella_message=1", upside="US chance, allies", downside="US trust of allies"),
    _claim("B7", "Respect for the right to regulate wins where regulation is strong.", "respect_regulation", "US chance, regulators", 1, "regulation",
           f"{US}.respect_regulation=0", f"{US}.respect_regulation=1", upside="US friction losses", downside="US tenders without bid"),
    _claim("B8", "Subsidies entrench the champion, most where money is short.", "subsidy", "CN installed, low income", 1, "price", "cn_government.subsidy=0",
           "cn_government.subsidy=0.3", setting=("cn_government.budget_bn=50",), upside="CN chance", downside="CN subsidy cost"),
    _claim("B9", "Trusted allied vendors win more networks once they may draw on US finance.", "allied_content", "independent installed, network", 1, "finance packages",
           f"{US}.allied_content=0", f"{US}.allied_content=1", setting=(*FUNDED, f"{US}.include_network=1"), upside="US allied co-bids",
           downside="US installed, network"),
    _claim("A1", "The bundle is the offer: a discount on it wins packages.", "bundle_discount", "US packages won", 1, "packages", "us_vendors.bundle_discount=0",
           "us_vendors.bundle_discount=0.3", upside="US layers a package", downside="US revenue"),
    _claim("A2", "Partnership sold as sovereignty wins more, the greater the appetite for sovereignty.", "local_hosting, confidential_computing, guarantee",
           "US tilt, sovereignty-minded", 1, "sovereignty supply_fear",
           f"{US}.local_hosting=0 {US}.confidential_computing=0 {US}.guarantee=0", f"{US}.local_hosting=1 {US}.confidential_computing=1 {US}.guarantee=1",
           upside="US chance, sovereignty-minded", downside="US chance, low income"),
    _claim("A3", "Work on standards pulls buyers to the stack that they fit.", "standards", "US chance", 1, "standards_lever", f"{US}.standards=0",
           f"{US}.standards=1", upside="US installed", downside="US public cost"),
    _claim("A4", "Strict licensing delays and denies.", "control_strictness", "US licence months", 1, "licences", f"{US}.control_strictness=0",
           f"{US}.control_strictness=1", upside="US chip lead", downside="US chance"),
    _claim("A4 lane", "A fast lane for trusted deals shortens the wait.", "fast_lane", "US licence months", -1, "licences", f"{US}.fast_lane=0",
           f"{US}.fast_lane=1", upside="US chance", downside="US diversions"),
    _claim("A5", "A consortium rule favours the package-ready firms.", "consortium_required", "US winners' concentration", 1, "packages finance",
           f"{US}.consortium_required=0", f"{US}.consortium_required=1", setting=FUNDED, upside="US packages won", downside="US wins small"),
    _claim("A6", "Diplomats get bids considered.", "advocacy", "US bids a tender", 1, "consideration", f"{US}.advocacy=0", f"{US}.advocacy=1",
           upside="US tenders won", downside="US chance, sceptical"),
    _claim("A7", "National champions take share, and cost their country.", "champion", "independent installed", 1, "champions", "importers.champion=0",
           "importers.champion=1", upside="sovereignty", downside="welfare"),
    _claim("A8", "Who enters late finds markets taken.", "start_delay_months, budget_bn", "US installed", -1, "targeting", f"{US}.start_delay_months=0",
           f"{US}.start_delay_months=36", setting=(*OPEN, f"{US}.budget_bn=50"), upside=ADDED, downside="US installed, low income"),
    _claim("A9", "Much of what is supported would have happened anyway when support follows commerce.", "gravity", RATE, -1, "targeting",
           f"{US}.gravity=0", f"{US}.gravity=1", setting=FUNDED, upside="US operating over signed", downside="US contested share of support"),
    _claim("A10", "Power that comes with the data centre lifts the limit of the grid.", "power_package", "megawatts deferred", -1, "power",
           f"{US}.power_package=0 cn_government.power_package=0", f"{US}.power_package=1 cn_government.power_package=0", upside="capacity, chips",
           downside="US months to operation"),
    _claim("O1", "A limited budget that picks strategic partners sits in the hubs.", "weight_strategic", "US hub degree of the supported", 1, "targeting",
           f"{US}.weight_strategic=0", f"{US}.weight_strategic=1", setting=BY_SCORE, upside="US installed", downside=RATE),
    _claim("O2", "Guarantees leave more of the risk with firms than loans for whole projects.", "instrument_mix", "US risk held by the state", -1, "finance",
           LOANS, GUARANTEES, setting=FUNDED, upside="US private capital", downside=ADDED),
    _claim("O2c", "Firms bid where the risk is taken off them.", "instrument_mix, risk_tolerance", "US tenders without bid", -1, "go_no_go", EQUITY,
           LOANS, setting=(*LAVISH, "us_financiers.risk_tolerance=0.3"), upside="US bids considered", downside="US risk held by the state"),
    _claim("O2b", "Buyers that know their leverage capture rent.", "bargain", "rent captured", 1, "bargaining", "importers.bargain=0", "importers.bargain=1",
           upside="rent captured", downside="nothing bought"),
    _claim("O3", "Training raises use.", "capacity_building", "US utilisation", 1, "utilisation", f"{US}.capacity_building=0", f"{US}.capacity_building=1",
           setting=(f"{US}.budget_bn=50",), upside="US chance, low income", downside="US public cost"),
    _claim("O3 tailoring", "Tailoring raises use.", "customisation", "US utilisation", 1, "utilisation", "us_vendors.customisation=0", "us_vendors.customisation=1",
           upside="US use five years on", downside="US months to operation"),
    _claim("O4", "A binding guarantee answers the fear of being cut off.", "guarantee", "US chance", 1, "signals supply_fear", f"{US}.guarantee=0",
           f"{US}.guarantee=1", upside="US true supply hazard", downside="US concession stakes"),
    _claim("O5", "A contest of values loses the non-aligned.", "frame_values", "US chance, non-aligned", -1, "framing", f"{US}.frame_values=0",
           f"{US}.frame_values=1", upside="US chance, least non-aligned", downside="US chance, sceptical"),
    _claim("O5 contest", "A contest of camps loses the non-aligned.", "frame_geopolitical", "US chance, non-aligned", -1, "framing", f"{US}.frame_geopolitical=0",
           f"{US}.frame_geopolitical=1", upside="US chance, allies", downside="US chance, sceptical"),
    _claim("O5 aid", "Where there is goodwill, values appeal to the like-minded.", "aid_bn", "US chance, least non-aligned", 1, "goodwill framing", f"{US}.aid_bn=0",
           f"{US}.aid_bn=10", setting=(f"{US}.frame_values=1",), upside="US goodwill", downside="US public cost"),
    _claim("O6", "Applications aimed at farming, health and schools are used more.", "sector_focus", "US app use", 1, "utilisation",
           "us_vendors.sector_focus=0,0,0,1", "us_vendors.sector_focus=0.25,0.3,0.2,0.25", upside="US utilisation", downside="US months to operation"),
    _claim("O8", "Prosperity is shared where capacity is put to use.", "all; here capacity_building of both homes", "welfare, low income", 1, "utilisation",
           "homes.capacity_building=0", "homes.capacity_building=1", setting=("homes.budget_bn=50",), upside="welfare", downside="US public cost"),
    _claim("O7", "Warnings without an offer lower trust in who warns.", "pressure", "US trust", -1, "beliefs", f"{US}.pressure=0", f"{US}.pressure=1",
           upside="CN chance", downside="US chance"),
    _claim("L0", "Work on needs shrinks the idle computing that naive buyers order.", "elicitation", "idle capacity", -1, "elicitation", "homes.elicitation=0",
           "homes.elicitation=1", upside="unmet demand", downside="US months to operation"),
    _claim("L0 clarity", "Clear buyers order less that lies idle.", "clarity", "idle capacity", -1, "demand_bias", "importers.clarity=0", "importers.clarity=1",
           upside="unmet demand", downside="welfare"),
    _claim("L0 prestige", "Prestige orders computing that lies idle.", "prestige", "idle capacity", 1, "demand_bias", "importers.prestige=0", "importers.prestige=1",
           upside="capacity, chips", downside="use over capacity"),
    _claim("L0b", "A bust ends sellers without runway.", "shock bust", "vendors alive", -1, "bust", Setting(parameters=(("bust_rate", 0.0),)),
           Setting(parameters=(("bust_rate", 0.3),)), upside="US chance", downside="US inroads"),
    _claim("L0b deals", "Large deals steady a seller against a bust.", "deal_class", "vendors alive", 1, "bust", Setting((SOFTWARE,), parameters=(("bust_rate", 0.3),)),
           Setting((SOVEREIGN,), parameters=(("bust_rate", 0.3),)), upside="US revenue", downside="US operating over signed"),
    _claim("L1", "Sovereign-compute deals lock in, and deliver less of what they announce.", "deal_class", "US delivered over announced", -1, "lifecycle", NARROW, SOVEREIGN,
           upside="US announced", downside="US utilisation"),
    _claim("L2", "Narrow-compute deals come to operate more often than sovereign ones.", "deal_class", "US operating over signed", 1, "lifecycle", SOVEREIGN, NARROW,
           upside="US delivered", downside="US announced"),
    _claim("L3", "Software deals are an inroad for later ones.", "deal_class", "US inroads converted", 1, "incumbency", NARROW, MIXED,
           upside="US inroads", downside="US announced"),
    _claim("L4b", "Lock-in through silicon raises no objection while it is not seen.", "lock_silicon", "US chance, sovereignty-minded", 1, "sovereignty",
           Setting(("us_vendors.lock_silicon=1",), parameters=(("hidden_silicon", 0.0),)),
           Setting(("us_vendors.lock_silicon=1",), parameters=(("hidden_silicon", 1.0),)), upside="US renewed", downside="US perceived supply hazard"),
    _claim("L4", "Lock-in keeps customers.", "lock_contract", "US renewed", 1, "incumbency", "us_vendors.lock_contract=0", "us_vendors.lock_contract=1",
           upside="US retained five years on", downside="US chance, sovereignty-minded"),
    _claim("L4 sovereignty", "Lock-in costs wins where sovereignty matters.", "lock_contract", "US chance, sovereignty-minded", -1, "sovereignty", "us_vendors.lock_contract=0",
           "us_vendors.lock_contract=1", upside="US renewed", downside="US chance"),
    _claim("L5", "Closeness to Washington loses sceptical markets.", "affiliation", "US chance, sceptical", -1, "affiliation", "us_vendors.affiliation=0",
           "us_vendors.affiliation=1", setting=FUNDED, upside=ADDED, downside="US chance, sceptical"),
    _claim("L5 finance", "Closeness to Washington brings support.", "affiliation", ADDED, 1, "finance", "us_vendors.affiliation=0", "us_vendors.affiliation=1",
           setting=FUNDED, upside="US supported tenders", downside="US chance, sceptical"),
    _claim("L5 deniability", "A hidden hand wins sceptical markets.", "deniability", "US chance, sceptical", 1, "affiliation", f"{US}.deniability=0",
           f"{US}.deniability=1", setting=FUNDED, upside="US chance", downside=ADDED),
    _claim("L5b", "Buyers that export to the United States seek its good graces.", "affiliation", "US tilt, exporting", 1, "affiliation", "us_vendors.affiliation=0",
           "us_vendors.affiliation=1", upside="US chance, exporting", downside="US chance, sceptical"),
    _claim("L5b rocky", "A rocky relation with one's own government earns trust among the sceptical.", "relation", "US chance, sceptical", 1, "affiliation",
           "us_vendors.relation=0", "us_vendors.relation=-1", upside="US chance", downside="US licence months"),
    _claim("L6b", "Champions are given up where they lie idle, and demand comes back.", "champion", "champions given up", 1, "champions", "importers.champion=0",
           "importers.champion=1", upside="independent chance", downside="welfare"),
    _claim("L6", "What adapts is still in use five years on.", "option_value, customisation", "US use five years on", 1, "utilisation",
           "us_vendors.option_value=0 us_vendors.customisation=0", "us_vendors.option_value=1 us_vendors.customisation=1", upside="US renewed", downside="US chance, low income"),
    _claim("L6 turnkey", "Turnkey serves present demand and fits less later.", "turnkey", "US use five years on", -1, "utilisation", "us_vendors.turnkey=0",
           "us_vendors.turnkey=1", upside="US months to operation", downside="US utilisation"),
    _claim("L6 elicitation", "Work on needs pays five years on.", "elicitation", "US use five years on", 1, "elicitation", f"{US}.elicitation=0", f"{US}.elicitation=1",
           upside="US utilisation", downside="US months to operation"),
    _claim("L7", "Developers specialise: teams sent to a few countries win there.", "teams", "US installed, club", 1, "consideration", "", TEAMS,
           upside="US installed, KEN", downside="US installed, elsewhere"),
    _claim("L8", "A government that hides its hand, backs hard packages and pays for work on needs wins extra in sceptical markets.",
           "deniability, weight_additional, elicitation", "US chance, sceptical", 1, "affiliation", "",
           f"{US}.deniability=1 {US}.weight_additional=1 {US}.elicitation=1", setting=FUNDED, upside="US additional wins", downside="US months to operation"),
    _claim("L9", "Clear buyers attract more bids.", "clarity", "all bids a tender", 1, "consideration", "importers.clarity=0", "importers.clarity=1",
           upside="bids a clear tender", downside="welfare"),
    _claim("L9 club", "A buyers' club serves its members.", "club", "welfare, club", 1, "price consideration", "",
           "KEN.club=1 TZA.club=1 UGA.club=1 RWA.club=1 BDI.club=1", upside="all bids a tender", downside="dependence, club"),
    _claim("L10", "Useless computing discredits its seller.", "-", "CN chance", -1, "reputation",
           Setting(("cn_vendors.turnkey=1", "cn_vendors.customisation=0"), parameters=(("reputation_weight", 0.0),)),
           Setting(("cn_vendors.turnkey=1", "cn_vendors.customisation=0"), parameters=(("reputation_weight", 2.0),)), upside="US chance", downside="CN chance"),
    _claim("System: AI Exports Program", "The programme's rules decide what it adds.", "preset: nine-recommendations against the status quo", ADDED, 1, "targeting", "",
           Setting(presets=(("US", "nine-recommendations"),)), upside="US chance", downside="US announced"),
    _claim("System: EXIM, DFC", "Risk rules and caps decide what the agencies may do.", "risk_tolerance", "refused for risk, us_exim", -1, "finance",
           "us_exim.risk_tolerance=0", "us_exim.risk_tolerance=0.3", setting=FUNDED, upside="commitments, us_exim", downside="US default loss"),
    _claim("System: agencies", "Months spent on designation delay operation.", "agency_lag_months", "US months to operation", 1, "targeting",
           f"{US}.agency_lag_months=0", f"{US}.agency_lag_months=12", setting=(*FUNDED, f"{US}.budget_bn=50"), upside="US diversions", downside="US months to operation"),
    _claim("System: CAISI", "Published evaluations bring beliefs about either side closer to the truth.", "evaluation_kit", "CN error on security", -1, "beliefs", "cn_government.evaluation_kit=0",
           "cn_government.evaluation_kit=1", upside="CN spread of security beliefs", downside="CN chance"),
    _claim("System: policy banks", "Cheap, long loans and high limits add wins.", "rate_pct, tenor_years, commitment_limit_bn", "CN chance added", 1, "finance",
           "cn_financiers.commitment_limit_bn=0", "cn_financiers.commitment_limit_bn=50 cn_financiers.rate_pct=2.85 cn_financiers.tenor_years=16",
           upside="CN installed, low income", downside="CN public cost"),
    _claim("System: Huawei", "A full-stack champion that leads with networks takes them.", "preset: pipes-first against the status quo", "CN installed, network", 1, "price", "",
           Setting(presets=(("CN", "pipes-first"),)), upside="CN installed, cloud", downside="CN subsidy cost"),
    _claim("System: announced deals", "The deals announced in 2025 raise the US share where they were announced.", "scripted deals", "US installed, announced", 1,
           "scripted_deals", Setting(off=("scripted_deals",)), "", upside="US announced", downside="US delivered over announced"),
    _claim("System: country labs", "A lab close to its government wins in fewer sceptical markets.", "affiliation, lock_silicon", "wins of us_country_lab", -1, "affiliation",
           "us_country_lab.affiliation=0", "us_country_lab.affiliation=1", upside=ADDED, downside="US chance, sceptical"),
    _claim("System: Konza", "Turnkey with training gets into use.", "preset: turnkey-and-training against the status quo", "CN utilisation", 1, "utilisation", "",
           Setting(presets=(("CN", "turnkey-and-training"),)), upside="CN chance, low income", downside="CN public cost"),
    _claim("System: Gulf hub", "The Gulf hub sells on others' layers.", "reexport", "hub's sales on other stacks", 1, "reexport", "in_gulf_hub.reexport=0",
           "in_gulf_hub.reexport=1", upside="revenue of in_gulf_hub", downside="US diversions"),
    _claim("System: Gulf funds", "Co-finance stretches the lenders' limits.", "co_finance", "US supported tenders", 1, "finance", "gulf_fund.co_finance=0",
           "gulf_fund.co_finance=1", setting=OPEN, upside="US private capital", downside="exposure, gulf_fund"),
    _claim("System: prosperity deal", "A bilateral compact brings joint bids with the partner's vendors.", "compact", "US allied co-bids", 1, "finance",
           f"{US}.compact=0", f"{US}.compact=1", setting=FUNDED, upside="US diversions", downside="US installed"),
)
