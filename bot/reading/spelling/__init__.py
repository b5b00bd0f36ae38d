"""How links are spelt: one spelling for each, site by site."""
