"""What is installed in a cell: what a sale is made of, shares, what comes and what goes."""


def attribution(world, l, v):
    """Shares of a sale by stack: what it is made of.

    The Gulf hub sells on others' stacks only as far as it re-exports.
    """
    made_of = [float(share) for share in world.facts.attribution[l][v]]
    if not world.facts.hub[v]:
        return made_of
    passed_on = world.vendor[v].reexport if world.on["reexport"] else 0.0
    own = int(world.facts.vendor_stack[v])
    return [passed_on * share + (1 - passed_on) * (s == own) for s, share in enumerate(made_of)]


def shares(world, c, l):
    """Installed share by stack, by what the stock is made of; an empty cell keeps what it last ran."""
    stock = {v: world.state.stock[c][l][v] for v in range(world.vendors) if world.facts.serves[l][v]}
    total = sum(stock.values())
    if total <= 1e-15:
        return [float(share) for share in world.state.share[c][l]]
    parts = {v: attribution(world, l, v) for v in stock}
    return [sum(amount * parts[v][s] for v, amount in stock.items()) / total for s in range(world.stacks)]


def add_stock(world, c, l, v, amount):
    """Install (or take away) capacity of a vendor."""
    world.state.stock[c][l][v] = max(world.state.stock[c][l][v] + amount, 0)
    world.state.share[c][l] = shares(world, c, l)


def spend(world, h, amount):
    """Public money of a home: from the year's budget, and booked at present value."""
    world.state.budget[h] -= amount
    book_cost(world, h, amount)


def book_cost(world, h, amount):
    """Public cost at the value of the first year, whole years discounted."""
    world.book.public_cost_bn[h] += amount / (1 + world.parameters.discount_rate) ** (world.state.month // 12)
