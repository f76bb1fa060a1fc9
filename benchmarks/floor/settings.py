"""The site's own settings and stack around one bare view: what serving an answer costs at the least."""

from config.settings import *  # noqa: F403 - everything as the site has it

ROOT_URLCONF = "benchmarks.floor.urls"
