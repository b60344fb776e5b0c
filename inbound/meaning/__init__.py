"""What an answer means: actions, questions and notes, from the words alone."""
