"""Documents as firms write them, made by a seed with their truth: what the readers are measured on.

`python -m tests.made --seed 1 --out DIR [--scans]` writes them, `python -m tests.made.score DIR` tells what is read.
"""
