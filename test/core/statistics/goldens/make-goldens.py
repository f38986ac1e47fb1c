"""Makes goldens.json: values of scipy, scikit-learn, statsmodels and numpy that the statistics are held against.

pip install scipy==1.17.* scikit-learn statsmodels numpy; then: python make-goldens.py > goldens.json
"""
import json
import numpy as np
from scipy import stats
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20260101)
out = {}

out["chiSquaredTail"] = [
    {"x": x, "degrees": d, "p": float(stats.chi2.sf(x, d))}
    for x, d in [(0.5, 1), (3.84, 1), (30, 1), (200, 1), (1, 3), (11.3, 3), (99, 99), (150, 99), (299, 299), (500, 299),
                 (1500, 1000), (1000, 1000), (2600, 2000), (20000, 19999), (22000, 19999), (1e-3, 7)]
]
out["normalTail"] = [{"z": z, "p": float(stats.norm.sf(z))} for z in [-3.0, -0.5, 0.0, 0.1, 1.0, 1.959963984540054, 3.3, 5.0, 8.0, 12.0, 20.0, 37.0]]
out["criticalT"] = [{"degrees": d, "t": float(stats.t.ppf(0.975, d))} for d in [1, 2, 3, 4, 5, 7, 10, 20, 29, 50, 99, 150, 199, 200, 201, 500, 1000, 100000]]

ps = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269, 0.275, 0.34, 0.341, 0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986]
out["falseDiscovery"] = {"ps": ps, "adjusted": stats.false_discovery_control(ps).tolist()}

def ks(a, b):
    # without ties scipy's exact p is the answer; with ties its D still is
    r = stats.ks_2samp(a, b, method="exact")
    return {"a": a.tolist(), "b": b.tolist(), "distance": float(r.statistic), "p": float(r.pvalue)}
out["kolmogorovSmirnov"] = [
    ks(rng.normal(size=20).round(9), rng.normal(size=25).round(9)),
    ks(rng.normal(size=200).round(9), (rng.normal(size=150) + 0.3).round(9)),
    ks(rng.normal(size=300).round(9), (rng.normal(size=300) + 1.5).round(9)),
    ks(rng.exponential(size=57).round(9), rng.normal(size=113).round(9)),
]

def permuted(a, b, folds=20000):
    pooled = np.concatenate([a, b]); n = len(a)
    values = np.unique(pooled)
    def d(x, y):
        return np.max(np.abs(np.searchsorted(np.sort(x), values, side="right") / len(x) - np.searchsorted(np.sort(y), values, side="right") / len(y)))
    seen = d(a, b); hits = 0
    for _ in range(folds):
        q = rng.permutation(pooled); hits += d(q[:n], q[n:]) >= seen - 1e-12
    return {"a": a.tolist(), "b": b.tolist(), "distance": float(seen), "p": hits / folds, "folds": folds}
out["kolmogorovSmirnovTies"] = [permuted(rng.integers(1, 6, 60), rng.integers(2, 7, 50)), permuted(rng.integers(0, 3, 80), rng.integers(0, 4, 40))]

a, b = rng.normal(size=101), rng.exponential(size=67)
out["wasserstein"] = [
    {"a": a.tolist(), "b": b.tolist(), "distance": float(stats.wasserstein_distance(a, b))},
    {"a": [0, 0, 1, 5], "b": [5, 6, 8], "distance": float(stats.wasserstein_distance([0, 0, 1, 5], [5, 6, 8]))},
]

def cramers(x, y):
    table = np.array([x, y]); r = stats.chi2_contingency(table, correction=False)
    n = table.sum(); k = table.shape[1]; rows = 2
    phi2 = max(0, r.statistic / n - (k - 1) * (rows - 1) / (n - 1))
    kc = k - (k - 1) ** 2 / (n - 1); rc = rows - (rows - 1) ** 2 / (n - 1)
    return {"x": x, "y": y, "chiSquared": float(r.statistic), "p": float(r.pvalue), "v": float(np.sqrt(phi2 / min(kc - 1, rc - 1)))}
out["cramersV"] = [cramers([30, 40, 30], [45, 35, 60]), cramers([100, 200], [90, 230]), cramers(rng.multinomial(3000, np.ones(30) / 30).tolist(), rng.multinomial(900, np.arange(1, 31) / 465).tolist())]
# a pooled table: the levels c and d have expected counts below 5 on one side
pooled = cramers([50, 60, 7], [55, 40, 3])
out["cramersVPooled"] = {"first": {"a": 50, "b": 60, "c": 4, "d": 3}, "second": {"a": 55, "b": 40, "c": 1, "e": 2}, "v": pooled["v"], "p": pooled["p"]}

def interval(point, half):
    return {"point": float(point), "low": float(point - half), "high": float(point + half)}

x, y = rng.normal(1, 2, 40), rng.normal(0.5, 2, 40); y = 0.7 * x + 0.3 * y
r = stats.ttest_rel(x, y).confidence_interval(0.95); m = stats.ttest_1samp(x, 0).confidence_interval(0.95)
out["mean"] = {"x": x.tolist(), "y": y.tolist(), "mean": {"point": float(x.mean()), "low": float(m.low), "high": float(m.high)},
               "difference": {"point": float((x - y).mean()), "low": float(r.low), "high": float(r.high)}}

def ratio(a, b):
    R = a.sum() / b.sum(); psi = (a - R * b) / b.mean(); return R, psi
n = 60; p1 = rng.uniform(1, 5, n); q1 = p1 * rng.uniform(0.1, 0.4, n); q2 = q1 + rng.normal(0, 0.1, n); t = stats.t.ppf(0.975, n - 1)
(R1, s1), (R2, s2) = ratio(q1, p1), ratio(q2, p1)
out["ratio"] = {"over": q1.tolist(), "otherOver": q2.tolist(), "under": p1.tolist(), "ratio": interval(R1, t * s1.std(ddof=1) / np.sqrt(n)),
                "difference": interval(R1 - R2, t * (s1 - s2).std(ddof=1) / np.sqrt(n))}

def delong(labels, a, b):
    pos, neg = labels == 1, labels == 0
    def place(s):
        c = (s[pos][:, None] > s[neg][None, :]) + 0.5 * (s[pos][:, None] == s[neg][None, :])
        return c.mean(1), c.mean(0)
    (va, wa), (vb, wb) = place(a), place(b); m, n = pos.sum(), neg.sum()
    var = lambda v, w: v.var(ddof=1) / m + w.var(ddof=1) / n
    return {"labels": labels.tolist(), "a": a.tolist(), "b": b.tolist(), "aucA": float(metrics.roc_auc_score(labels, a)), "aucB": float(metrics.roc_auc_score(labels, b)),
            "variance": float(var(va, wa)), "differenceVariance": float(var(va - vb, wa - wb)), "smaller": int(min(m, n)), "t": float(stats.t.ppf(0.975, min(m, n) - 1))}
labels = (rng.uniform(size=80) < 0.4).astype(int); s = labels + rng.normal(0, 1.2, 80)
out["auc"] = [delong(labels, s.round(9), (s + rng.normal(0, 0.7, 80)).round(9)), delong(labels, s.round(0), (s + rng.normal(0, 0.7, 80)).round(0))]

prob, other = 1 / (1 + np.exp(-s)), 1 / (1 + np.exp(-(s + rng.normal(0, 0.7, 80))))
def cells(yes_a, yes_b): return [int(((labels == y) & (yes_a == a) & (yes_b == b)).sum()) for y in (0, 1) for a in (0, 1) for b in (0, 1)]
ya, yb = (prob >= 0.5).astype(int), (other >= 0.5).astype(int)
out["binary"] = {"labels": labels.tolist(), "a": prob.tolist(), "b": other.tolist(), "cells": cells(ya, yb), "logLoss": float(metrics.log_loss(labels, prob)),
                 "accuracy": float(metrics.accuracy_score(labels, ya)), "precision": float(metrics.precision_score(labels, ya)), "recall": float(metrics.recall_score(labels, ya)),
                 "otherPrecision": float(metrics.precision_score(labels, yb))}

out["wilson"] = [{"successes": k, "trials": n, "low": float(lo), "high": float(hi)} for k, n in [(0, 3), (3, 3), (1, 10), (45, 100), (730, 1000)]
                 for lo, hi in [proportion_confint(k, n, method="wilson")]]
z = stats.norm.ppf(0.975)
def bonett(up, down, n):
    a, b = (up + 1) / (n + 2), (down + 1) / (n + 2); half = z * np.sqrt((a + b - (a - b) ** 2) / (n + 2))
    return {"gained": up, "lost": down, "n": n, "point": (up - down) / n, "low": float(a - b - half), "high": float(a - b + half)}
out["pairedProportions"] = [bonett(5, 2, 50), bonett(0, 0, 30), bonett(60, 58, 1000)]

queries = []
for _ in range(12):
    k = 15; scores = rng.permutation(k).astype(float); right = (rng.uniform(size=k) < 0.25).astype(int)
    if right.sum() == 0: right[3] = 1
    order = np.argsort(-scores)
    queries.append({"hits": right[order].astype(bool).tolist(), "labels": int(right.sum()), "ndcg10": float(metrics.ndcg_score([right], [scores], k=10)), "ndcg3": float(metrics.ndcg_score([right], [scores], k=3))})
out["ranking"] = queries
print(json.dumps(out))
