"""The page What matters: levers, recommendations, budgets."""
