#!/usr/bin/env python3
"""All networks of this folder on Spikeloom and on live NEST, side by side."""

import brunel
import lesson
import microcircuit
import stdp_network
import vogels_abbott
from side_by_side import main

FAMILIES = [brunel, vogels_abbott, stdp_network, microcircuit, lesson]

if __name__ == "__main__":
    main(__doc__, [network for family in FAMILIES for network in family.NETWORKS], brunel.SCALING)
