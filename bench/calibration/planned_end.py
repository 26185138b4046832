#!/usr/bin/env python3
"""Is "ahead of every other variant at P > 0.98" wrong in at most 4 % of experiments, whatever the truth, with nothing shared out?

Run:  python3 bench/calibration/planned_end.py        (numpy; a quarter of a minute)

Up to ten variants with normal estimates, weights of the control from 1:50 to 50:1 and one other of 30; every number of equal best variants, the
rest behind them by nothing to ten standard errors. Prints the worst. Nothing is shared with the code.
"""
import numpy as np

random = np.random.default_rng(3)
RUNS = 40_000
AHEAD = 2.0537489106318225  # of P > 0.98

found = []
for variants in (2, 3, 5, 10):
    for control in (0.02, 0.1, 1, 9, 50):
        for large in (False, True):
            weights = np.ones(variants)
            weights[0] = control
            if large and variants > 2:
                weights[1] = 30
            error = 1 / np.sqrt(weights)
            for equal in range(1, variants + 1):
                for order in (np.arange(variants), np.roll(np.arange(variants), -1)):
                    for behind in (0, 0.5, 1, 2, 4, 10):
                        truth = np.zeros(variants)
                        truth[order[equal:]] = -behind * error[order[equal:]]
                        seen = truth + error * random.standard_normal((RUNS, variants))
                        named = np.full(RUNS, -1)
                        for one in range(variants):
                            gaps = [(seen[:, one] - seen[:, other]) / np.hypot(error[one], error[other]) > AHEAD
                                    for other in range(variants) if other != one]
                            named[np.all(gaps, axis=0)] = one
                        best = np.flatnonzero(truth == truth.max())
                        right = (named == best[0]) & (len(best) == 1)
                        found.append((((named >= 0) & ~right).mean(), variants, control, large, equal, behind))

found.sort(reverse=True)
print(f'{len(found)} truths; the standard error of 4 % is {100 * np.sqrt(0.04 * 0.96 / RUNS):.1f} percentage points')
for share, variants, control, large, equal, behind in found[:5]:
    print(f'{100 * share:.1f} %  {variants} variants, control {control}{", another 30" if large else ""}, {equal} equal, the rest {behind} behind')
