"""The parameters of the model, declared once, one file a subject; `model.parameters` collects them."""
