"""Which cells a home supports: scale each term to mean 1, go down the score, let a part follow commercial pull."""


def scores(cells, weights):
    """Score by cell. `cells`: cell -> {term: value}; `weights`: term -> weight."""
    totals = {term: sum(parts[term] for parts in cells.values()) for term in weights}
    return {
        cell: sum(weights[term] * parts[term] * len(cells) / totals[term] for term in weights if totals[term] > 0)
        for cell, parts in cells.items()
    }


def down(ranking, chance, slots, money, overhead):
    """Cells taken in falling order of rank, until the expected tenders use up slots, or their overhead the money."""
    taken = []
    for cell in sorted(ranking, key=lambda cell: -ranking[cell]):
        if slots <= 0 or money <= 0 or ranking[cell] <= 0:
            break
        taken.append(cell)
        slots -= chance[cell]
        money -= chance[cell] * overhead
    return taken


def supported(cells, weights, pull, chance, slots, money, gravity, overhead):
    """(cells by score, cells by pull): a share `gravity` of slots and money follows the pull, over what the score left."""
    by_score = down(scores(cells, weights), chance, slots * (1 - gravity), money * (1 - gravity), overhead)
    rest = {cell: value for cell, value in pull.items() if cell not in by_score}
    return by_score, down(rest, chance, slots * gravity, money * gravity, overhead)
