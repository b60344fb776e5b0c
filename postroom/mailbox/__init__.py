"""The development relay of the demo and its mailbox pages, where one person plays every party."""
