"""Figures of a desk at work. Each module measures one; `python -m benchmarks` runs them all."""
