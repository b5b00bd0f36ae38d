"""What a draft summary is made by: sentences, their marks, and the choice."""
