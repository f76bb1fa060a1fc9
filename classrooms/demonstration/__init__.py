"""A class that never was, for looking around: simulated learners whose answers go through the real grading code."""
