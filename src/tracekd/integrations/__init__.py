"""tracekd inside other programs: scorers of Inspect, and tasks of lm-evaluation-harness. Each needs that program."""
