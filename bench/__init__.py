"""What is measured, and against what: every benchmark is a ratio inside one run."""
