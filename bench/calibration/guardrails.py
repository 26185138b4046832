#!/usr/bin/env python3
"""Where do guardrails of a treatment that is exactly as bad as tolerated warn or stop in more than 5 % of experiments?

Run:  python3 bench/calibration/guardrails.py        (numpy and scipy; some minutes)

Rates and skewed money on a grid of weights, margins, directions and volumes, looked at every day. The evidence is written here a second time,
on arrays; `--own-spread` leaves out the variance on the line, to show what it is for.
"""
import sys

import numpy as np
from scipy.special import log_ndtr

random = np.random.default_rng(1)
EFFECT, ENOUGH, ASKED = 0.3, 20, np.log(20)
OWN_SPREAD = '--own-spread' in sys.argv


def evidence(a, b, rho, less):
    """Log evidence of every run (row) at every look (column); a and b are visitors, sums and sums of squares of a day."""
    (na, xa, qa), (nb, xb, qb) = a, b
    n = na + nb
    line = (rho * xa + xb) / n
    squares = (rho**2 * qa - 2 * rho * line * xa + line**2 * na, qb - 2 * line * xb + line**2 * nb)
    both = (rho * qa + qb) / n
    on_line = [np.maximum(0, scale * both - line**2) * n / (n - 1) for scale in (rho, 1)]
    variances = [(squares[0] + squares[1]) / (n - 1) * na * nb / n,
                 (nb / n)**2 * squares[0] + (na / n)**2 * squares[1]]
    if not OWN_SPREAD:
        variances.append((nb / n)**2 * na * on_line[0] + (na / n)**2 * nb * on_line[1])
    score = np.cumsum((nb * rho * xa - na * xb) / n, 1) * (-1 if less else 1)
    level = np.cumsum(line * na * nb / n, 1)
    variance = np.max([np.cumsum(each, 1) for each in variances], axis=0)
    with np.errstate(all='ignore'):
        z, g = score / np.sqrt(variance), (EFFECT * level)**2 / variance
        log_e = np.log(2) - np.log1p(g) / 2 + z * z * g / (2 * (1 + g)) + log_ndtr(z * np.sqrt(g / (1 + g)))
    return np.where(variance > 0, log_e, 0)


def acted(log_e, any_so_far):
    return ((log_e >= ASKED) & (any_so_far >= ENOUGH)).any(1).mean()


def rates(runs, looks, visitors, rate, rho, less):
    x = [random.binomial(n, p, (runs, looks)) for n, p in zip(visitors, (rate, rate * rho))]
    return acted(evidence(*[(n, s, s) for n, s in zip(visitors, x)], rho, less), np.cumsum(x[0] + x[1], 1))


def money(runs, looks, visitors, payers, sigma, rho, less):
    """As many pay, and each pays rho times as much; amounts are log-normal, capped at three sigma."""
    arms, paying = [], 0
    for n, scale in zip(visitors, (1, rho)):
        count = random.binomial(n, payers, (runs, looks))
        amounts = scale * np.minimum(np.exp(sigma * random.standard_normal(count.sum())), np.exp(3 * sigma))
        place = np.repeat(np.arange(runs * looks), count.ravel())
        arms.append((n, *[np.bincount(place, each, runs * looks).reshape(runs, looks) for each in (amounts, amounts**2)]))
        paying = paying + count
    return acted(evidence(*arms, rho, less), np.cumsum(paying, 1))


def split(total, share):
    return max(1, round(total * (1 - share))), max(1, round(total * share))


def told(title, found):
    found.sort(key=lambda each: -each[0])
    over = sum(share > 0.05 for share, *_ in found)
    print(f'{title}: {len(found)} settings, {over} over 5 %; the worst:')
    for share, looks, visitors, rest in found[:5]:
        print(f'  {100 * share:.1f} %  {looks} looks, {visitors[0]} and {visitors[1]} visitors a day, {rest}')


SHARES = (0.01, 0.1, 0.5, 0.9, 0.99)
told('rates', [
    (rates(4000 if looks == 28 else 1000, looks, visitors, rate, rho, less), looks, visitors, f'rate {rate}, tolerated {rho}')
    for looks in (28, 365) for visitors in (split(total, share) for total in (40, 1000) for share in SHARES)
    for rate in (0.001, 0.01, 0.1, 0.5, 0.9, 0.99) for margin in (0, 0.1, 0.5) for less in (False, True)
    for rho in [1 + margin if less else 1 - margin] if rate * rho < 1])
told('money', [
    (money(2000, 28, visitors, payers, sigma, rho, less), 28, visitors, f'{payers} pay, sigma {sigma}, tolerated {rho}')
    for visitors in (split(total, share) for total in (100, 1000) for share in SHARES)
    for payers in (0.01, 0.05, 0.3) for sigma in (1, 2) for margin in (0, 0.1) for less in (False, True)
    for rho in [1 + margin if less else 1 - margin]])
