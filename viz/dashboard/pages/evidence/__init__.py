"""The page Evidence: the model held to what happened, losses first."""
