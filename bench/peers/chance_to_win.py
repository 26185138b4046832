"""Times GrowthBook's gbstats and SciPy's quadrature on the cases that bench/statistics.ts hands over on standard input.

gbstats: pip install gbstats==0.8.0, or its folder of github.com/growthbook/growthbook (packages/stats) on PYTHONPATH.
"""
import json
import statistics
import sys
import time
import types

try:
    import pandas  # noqa: F401
except ImportError:
    # gbstats names types of it and does nothing with it in what is measured here.
    sys.modules['pandas'] = types.SimpleNamespace(DataFrame=object, Series=object)

import numpy
import scipy
from scipy import integrate, stats

try:
    import gbstats
    from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig
    from gbstats.models.statistics import ProportionStatistic
except ImportError:
    gbstats = None


def growthbook(a, b):
    """The chance to win, both risks and the interval of the absolute difference, from a normal approximation."""
    pair = [ProportionStatistic(n=each['visitors'], sum=each['goals']) for each in (a, b)]
    result = EffectBayesianABTest([tuple(pair)], EffectBayesianConfig(difference_type='absolute')).compute_result()
    return float(result.chanceToWin)


def quadrature(a, b):
    """P(B > A) as the integral of one density times the other's distribution, over nine standard deviations."""
    one, other = (stats.beta(1 + each['goals'], 1 + each['visitors'] - each['goals']) for each in (a, b))
    mean, sd = other.mean(), other.std()
    area, _ = integrate.quad(
        lambda rate: other.pdf(rate) * one.cdf(rate), max(0, mean - 9 * sd), min(1, mean + 9 * sd), limit=200, epsabs=1e-13, epsrel=1e-11
    )
    return area


def micro(run, rounds=9):
    """Microseconds of processor time a call, the median of some rounds."""
    calls = 5
    took = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(calls):
            run()
        took.append((time.process_time() - start) / calls * 1e6)
    return statistics.median(took)


methods = {**({'gbstats': growthbook} if gbstats else {}), 'scipy': quadrature}
json.dump(
    {
        'versions': {
            'python': sys.version.split()[0],
            'numpy': numpy.__version__,
            'scipy': scipy.__version__,
            **({'gbstats': gbstats.__version__} if gbstats else {}),
        },
        'cases': [
            {name: {'chance': method(*case), 'micro': micro(lambda: method(*case))} for name, method in methods.items()}
            for case in json.load(sys.stdin)
        ],
    },
    sys.stdout,
)
