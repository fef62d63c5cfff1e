"""One HTML page from results of sweeps and timings, made from files alone."""
