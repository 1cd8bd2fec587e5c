"""What is valued, and what can be seen: scores, the public record, the look-ahead."""

from stackcraft.model.declared.helper import number

SCORES = (
    number(
        "welfare_use",
        2,
        0,
        5,
        "bn$ per bn$",
        "worth to a country of what it uses, at the best quality; it pays for what stands idle too",
    ),
    number(
        "welfare_quality",
        0.5,
        0,
        1.5,
        "log worth per log quality",
        "how worth rises with quality; buyers trade quality for price at quality_taste over price_taste, 0.4 to 0.75",
    ),
    number(
        "welfare_funds",
        0.25,
        0,
        1,
        "bn$ per bn$",
        "what raising a bn$ costs a state beyond it: of what it pays of its domestic champion's price",
    ),
    number("welfare_cut_off", 0.5, 0, 5, "bn$ per bn$", "loss when a stack's share of cloud is cut off"),
    number(
        "welfare_autonomy",
        0.05,
        0,
        1,
        "share of spend",
        "worth of full sovereignty to a country with full appetite for it",
    ),
    number(
        "score_delivery",
        0.5,
        0,
        1,
        "share",
        "part of what was announced that a programme must deliver so as not to lose money next year",
    ),
    number(
        "payoff_use",
        0.2,
        0,
        2,
        "bn$ per bn$",
        "worth to a home of what its stack has in use abroad, a year: its vendors' profit and tax; operating margins "
        "are about a tenth in networks and a third in cloud",
    ),
    number(
        "payoff_influence",
        200,
        0,
        2000,
        "bn$ a year",
        "worth to a home of full leverage over every country, so that a point of mean leverage is worth a hundredth of "
        "it: at much less China's loans and subsidies would not pay",
    ),
    number(
        "payoff_cost",
        1.25,
        0,
        5,
        "bn$ per bn$",
        "worth to a home of a bn$ of public cost: the money, and a quarter for raising it",
        source="OMB Circular A-94 (1992), section 11: costs in public spending x 1.25",
        judgement=True,
    ),
    number(
        "payoff_incident",
        1,
        0,
        10,
        "bn$ per bn$",
        "worth to a home of what is lost in incidents with its stack: damages, repair, secrets and customers",
    ),
    number(
        "payoff_trust",
        200,
        0,
        2000,
        "bn$ a year",
        "worth to a home of full mean trust instead of none, so that a point is worth a hundredth of it; a great power "
        "spends some 60 bn$ a year on aid and diplomacy",
    ),
)

OBSERVATION = (
    number("share_noise", 0.05, 0, 0.5, "log", "error of installed shares in the public record"),
    number("level_noise", 0.15, 0, 1, "log", "error of demand and use in the public record"),
    number("poll_noise", 0.05, 0, 0.5, "index", "error of polls of trust"),
    number("look_ahead_years", 5, 1, 10, "years", "how far a side that looks ahead imagines", whole=True),
    number("look_ahead_futures", 2, 1, 8, "futures", "how many futures it imagines for each choice", whole=True),
)
