"""What it means: documents, their states and steps, readings, matching, parties, links, timers."""
