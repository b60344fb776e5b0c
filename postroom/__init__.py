"""The door: command line, settings, processes, the demo; the only room that knows all others."""
