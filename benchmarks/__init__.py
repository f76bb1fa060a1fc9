"""Where the figures of the README come from: one command each, all on this machine, bounded in count and time."""
