"""The tables of facts and the script that compiled them."""
