"""The engine: one declaration of a step, open at every door."""
