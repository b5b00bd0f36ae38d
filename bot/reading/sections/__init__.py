"""How sections are learnt from past stories, and advised."""
