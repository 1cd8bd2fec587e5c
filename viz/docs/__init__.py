"""Pages made from the code: the model description and the pictures of the README."""
