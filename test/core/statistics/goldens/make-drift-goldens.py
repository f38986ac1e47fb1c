"""Makes drift-goldens.json: values of scipy, statsmodels and of permutations that the drift statistics are held against.

pip install scipy==1.17.* statsmodels numpy; then: python make-drift-goldens.py > drift-goldens.json
"""
import json
import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

rng = np.random.default_rng(20260202)
out = {}

# large and small tails without ties; scipy's exact p
out["ks"] = []
for n, m, shift in [(400, 300, 0.1), (500, 350, 0.2), (300, 300, 0.0), (150, 500, 0.9)]:
    a, b = rng.normal(size=n), rng.normal(size=m) + shift
    r = stats.ks_2samp(a, b, method="exact")
    # kept as ranks in the pooled sample: the test knows no more, and it is short
    order = np.argsort(np.concatenate([a, b]))
    out["ks"].append({"sides": "".join("a" if i < n else "b" for i in order), "distance": float(r.statistic), "p": float(r.pvalue)})

def permuted_ks(a, b, folds=5000):
    pooled = np.concatenate([a, b]); n = len(a); values = np.unique(pooled)
    d = lambda x, y: np.max(np.abs(np.searchsorted(np.sort(x), values, side="right") / len(x) - np.searchsorted(np.sort(y), values, side="right") / len(y)))
    seen = d(a, b); hits = sum(d(q[:n], q[n:]) >= seen - 1e-12 for q in (rng.permutation(pooled) for _ in range(folds)))
    return {"a": a.tolist(), "b": b.tolist(), "distance": float(seen), "p": hits / folds, "folds": folds}
zeros = lambda n, share: np.where(rng.uniform(size=n) < share, 0.0, rng.exponential(size=n).round(2))
out["ksTies"] = [permuted_ks(zeros(120, 0.6), zeros(150, 0.5)), permuted_ks(rng.poisson(3, 200).astype(float), rng.poisson(3.3, 90).astype(float))]

a, b = rng.integers(0, 50, 900), rng.integers(5, 60, 700)
out["wassersteinWhole"] = {"a": np.bincount(a, minlength=60).tolist(), "b": np.bincount(b, minlength=60).tolist(), "distance": float(stats.wasserstein_distance(a, b))}

mixes = [([50, 30, 20], [40, 40, 20]), ([100, 0, 3], [10, 80, 0]), (rng.multinomial(2000, np.ones(40) / 40).tolist(), rng.multinomial(500, np.arange(1, 41) / 820).tolist())]
out["jensenShannon"] = [{"x": x, "y": y, "bits": float(jensenshannon(x, y, base=2)), "nats": float(jensenshannon(x, y))} for x, y in mixes]

pairs = [(20, 1000, 60, 1000), (5, 56, 0, 29), (160, 1000, 213, 1000), (0, 100, 3, 120), (990, 1000, 960, 1000), (1, 30, 29, 40)]
out["proportions"] = []
for x, n, y, m in pairs:
    low, high = confint_proportions_2indep(y, m, x, n, method="newcomb", compare="diff")
    out["proportions"].append({"x": x, "n": n, "y": y, "m": m, "low": float(low), "high": float(high),
        "z": float(proportions_ztest([x, y], [n, m])[1]), "fisher": float(stats.fisher_exact([[x, n - x], [y, m - y]])[1])})

def unseen(first, second, folds=5000):
    """Rows of levels that only the second side has, under random deals of all rows."""
    k = len(first); levels = np.concatenate([np.repeat(np.arange(k), first), np.repeat(np.arange(k), second)]); n = sum(first)
    def rows(x, y):
        known = np.zeros(k, bool); known[x] = True
        return int((~known[y]).sum())
    seen = rows(levels[:n], levels[n:]); draws = []
    for _ in range(folds):
        q = rng.permutation(levels); draws.append(rows(q[:n], q[n:]))
    draws = np.array(draws)
    return {"first": [int(c) for c in first], "second": [int(c) for c in second], "rows": seen, "mean": float(draws.mean()), "sd": float(draws.std()), "p": float((draws >= seen).mean()), "folds": folds}
zipf = 1 / np.arange(1, 301) ** 1.1; zipf /= zipf.sum()
same = [rng.multinomial(400, zipf), rng.multinomial(300, zipf)]
more = [c.copy() for c in same]; more[1][7:12] += 0; more[1] = np.append(more[1], [3, 2, 4, 1, 1, 1]); more[0] = np.append(more[0], [0] * 6)
out["unseen"] = [unseen(*same), unseen(*more), unseen([200, 0], [195, 5]), unseen([30, 0], [100, 4])]

ps = rng.uniform(size=40).tolist() + [1e-5, 2e-4, 0.003]
out["falseDiscovery"] = {"ps": ps, "adjusted": stats.false_discovery_control(ps).tolist()}
# Evidently's rules: goodness of fit with the reference as the truth, and the pooled z-test
x, y = [300, 200, 100, 50, 40], [130, 120, 60, 20, 30]
out["goodnessOfFit"] = {"x": x, "y": y, "p": float(stats.chisquare(y, np.array(x) / sum(x) * sum(y)).pvalue)}
print(json.dumps(out))
