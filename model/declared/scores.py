"""What is valued, and what can be seen: scores, the public record, the look-ahead."""

from stackcraft.model.declared.helper import number

SCORES = (
    number("welfare_use", 1.5, 0, 5, "bn$ per bn$", "worth to a country of what it uses"),
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
    number("payoff_use", 100, 0, 1000, "points", "payoff per retained, utilised share"),
    number(
        "payoff_gdp", 0.5, 0, 1, "share", "part of that share which is weighted by GDP; the rest by what is installed"
    ),
    number("payoff_cost", 0.2, 0, 10, "points per bn$", "payoff lost per net public cost"),
    number("payoff_incident", 10, 0, 100, "points", "payoff lost per security incident"),
    number("payoff_trust", 20, 0, 200, "points", "payoff for mean trust"),
)

OBSERVATION = (
    number("share_noise", 0.05, 0, 0.5, "log", "error of installed shares in the public record"),
    number("level_noise", 0.15, 0, 1, "log", "error of demand and use in the public record"),
    number("poll_noise", 0.05, 0, 0.5, "index", "error of polls of trust"),
    number("look_ahead_years", 5, 1, 10, "years", "how far a side that looks ahead imagines", whole=True),
    number("look_ahead_futures", 2, 1, 8, "futures", "how many futures it imagines for each choice", whole=True),
)
