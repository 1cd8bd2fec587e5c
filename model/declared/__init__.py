"""The parameters of the model, declared once, one file a subject; `stackcraft.model.parameters` collects them."""
