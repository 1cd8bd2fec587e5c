"""What a study says: each analysis is a function that takes a finished study and gives a `Finding`."""
