"""One file per site whose pages need a rule of their own."""
