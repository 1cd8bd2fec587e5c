"""Beliefs (DESCRIPTION.md, 7.7).

Beta-Bernoulli, with loss aversion, standing signals and events that peers see too.
"""

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.codes import BREACH, COMMITMENT, N_CHANNELS, N_HOMES, N_PEERS, N_STACKS, SUPPLY
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import EVALUATION, OBSERVATION, uniform
from stackcraft.model.loop.market import agreed


@compiled
def quiet_year(weight_for, weight_against, prior_for, prior_against, quiet, retention):
    """One January of one belief: a quiet year adds `quiet`; experience is kept at `retention` towards the prior."""
    return prior_for + retention * (weight_for + quiet - prior_for), prior_against + retention * (
        weight_against - prior_against
    )


@compiled
def signal_evidence(cost, opportunist, reliable):
    """ln LR of a signal that costs `cost` bn$: C (1/B_opportunist - 1/B_reliable).

    Words alone cost nothing and say nothing.
    """
    return cost * (1.0 / opportunist - 1.0 / reliable)


@compiled
def shifted(probability, evidence):
    """A probability after evidence for the reliable type: its log odds fall by `evidence`."""
    if evidence == 0.0:
        return probability
    odds = probability / (1.0 - probability) * exp(-evidence)
    return odds / (1.0 + odds)


@compiled
def within(hazard, years):
    """Chance that a yearly hazard strikes within whole years: 1 - (1 - h)^years."""
    kept = 1.0
    for _ in range(int(years)):
        kept *= 1.0 - hazard
    return 1.0 - kept


@compiled
def event(run, c, s, channel, severity):
    """An event at country `c`.

    Loss aversion x severity against at home, and as much x W at everybody who looks at `c`.
    """
    w, p, k = run.state, run.parameters, run.facts
    w.severity[c, s, channel] += severity
    if run.on.goodwill:
        w.goodwill[c, s] = max(0.0, w.goodwill[c, s] - p.goodwill_severity * severity)
    if run.on.beliefs == 0:
        return
    weight = p.loss_aversion * severity
    w.belief_against[c, s, channel] += weight
    for j in range(run.facts.countries):
        for i in range(N_PEERS):
            if k.peer_index[j, i] == c:
                w.belief_against[j, s, channel] += weight * k.peer_weight[j, i]


@compiled
def event_everywhere(run, s, channel, severity):
    """An event that counts in full everywhere, such as a broken promise."""
    for c in range(run.facts.countries):
        run.state.severity[c, s, channel] += severity
        if run.on.beliefs:
            run.state.belief_against[c, s, channel] += run.parameters.loss_aversion * severity


@compiled
def refresh_fears(run):
    """What buyers fear now: hazards within the horizon, and whether commitments are kept, with standing signals."""
    w, p = run.state, run.parameters
    for s in range(N_STACKS):
        commitment_signal, believed = 0.0, s < N_HOMES and run.on.signals and w.month >= w.broken_until[s]
        if s < N_HOMES and run.on.signals:
            commitment_signal = signal_evidence(
                run.home.at[s].alliance_signal_bn, p.signal_opportunist_bn, p.signal_reliable_bn
            )
        for c in range(run.facts.countries):
            supply_signal = 0.0
            if believed:
                bond = agreed(run.home.at[s].supply_bond, run.home.at[s].supply_bond_in[c])
                supply_signal = signal_evidence(p.bond_bn * bond, p.signal_opportunist_bn, p.signal_reliable_bn)
            against, total = w.belief_against[c, s, SUPPLY], w.belief_against[c, s, SUPPLY] + w.belief_for[c, s, SUPPLY]
            w.fear[c, s, SUPPLY] = within(shifted(against / total, supply_signal), p.horizon_years)
            against, total = w.belief_against[c, s, BREACH], w.belief_against[c, s, BREACH] + w.belief_for[c, s, BREACH]
            w.fear[c, s, BREACH] = within(against / total, p.horizon_years)
            against = w.belief_against[c, s, COMMITMENT]
            total = against + w.belief_for[c, s, COMMITMENT]
            w.kept[c, s] = 1.0 - shifted(against / total, commitment_signal)


@compiled
def january_beliefs(run):
    """A year has passed: quiet years teach, experience fades, kits bring evidence, threats are remembered."""
    w, p, k = run.state, run.parameters, run.facts
    for c in range(run.facts.countries):
        for s in range(N_STACKS):
            for channel in range(N_CHANNELS):
                quiet = p.quiet_weight if w.severity[c, s, channel] == 0.0 else 0.0
                if run.on.beliefs and w.month > 0:
                    w.belief_for[c, s, channel], w.belief_against[c, s, channel] = quiet_year(
                        w.belief_for[c, s, channel],
                        w.belief_against[c, s, channel],
                        w.prior_for[c, s, channel],
                        w.prior_against[c, s, channel],
                        quiet,
                        p.belief_retention,
                    )
                w.severity[c, s, channel] = 0.0
    if run.on.beliefs == 0:
        return
    for s in range(N_STACKS):
        for c in range(run.facts.countries):
            weight = run.importer.at[c].require_evaluation
            if s < N_HOMES:
                weight = max(weight, agreed(run.home.at[s].evaluation_kit, run.home.at[s].evaluation_kit_in[c]))
            if weight > 0.0:
                evaluate(run, c, s, weight)
    for h in range(N_HOMES):
        for c in range(run.facts.countries):
            felt = threat(run, c, h)
            for j in range(N_PEERS):
                felt += p.threat_elsewhere * k.peer_weight[c, j] * threat(run, k.peer_index[c, j], h)
            if felt > 0.0 and w.month > 0:
                weight = p.loss_aversion * p.threat_severity * felt
                w.belief_against[c, h, SUPPLY] += weight
                w.belief_against[c, h, COMMITMENT] += weight


@compiled
def evaluate(run, c, s, weight):
    """A country tests a stack: every trial is evidence on breaches, by the true hazard, and counts by `weight`."""
    w, k = run.state, run.facts
    for trial in range(int(run.parameters.evaluations)):
        u = uniform(w.key, OBSERVATION, k.iso_number[c], s, w.month, EVALUATION.first + trial)
        if u < w.true_hazard[c, s, BREACH]:
            w.belief_against[c, s, BREACH] += weight
        else:
            w.belief_for[c, s, BREACH] += weight


@compiled
def threat(run, c, h):
    """Pressure that a country feels from a home.

    A message about the umbrella counts as pressure where the commitment is doubted.
    """
    k, g = run.facts, run.home.at[h]
    doubted = g.umbrella_message * k.ally[c, h] * (1.0 - run.state.kept[c, h])
    return g.pressure * k.exports_share[c, h] + doubted * run.parameters.umbrella_threat
