/** The smallest useful config, as docs/configuration.md shows it. */
export const smallest = `# .github/trainyard.yml
version: 1
models:
  churn:
    setup: { run: pip install -r requirements.txt }
    train: { run: python train.py, model: model.onnx }
    predict: { run: python predict.py }      # MODEL, ROWS and PREDICTIONS are in the environment
    evaluate: { holdout: holdout.csv, task: binary, label: churned, score: p }
    gates:
      - { metric: auc, at-least: 0.75 }      # what a first model must reach
      - { metric: auc, versus: production, may-worsen: 0.005 }
`;

/** A config with everything that can be written. */
export const everything = `version: 1
models:
  churn:
    inputs:
      data:   [data/train/*.parquet, data/*.dvc]
      code:   [src/churn/**, requirements.txt]
      params: [params.yaml]
    setup:                                   # before train and predict, in the recipe
      run: uv sync --frozen                  # init detects uv, pip, conda, npm, R, make
      cache: [~/.cache/uv]                   # keyed by the inputs it reads; warmed on the default branch
      container: ghcr.io/acme/train@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    train:
      run: python src/churn/train.py
      when: push                             # push · ready (not draft) · label · command
      runs-on: [self-hosted, gpu]            # or { group: …, labels: […] }
      timeout: 12h
      secrets: [HF_TOKEN]                    # never for forks
      checkpoint: { path: out/ckpt, every: 15m }   # uploaded while training; a lost runner resumes
      model: out/model.onnx                  # a file or a folder
      plots: [out/plots/*]
    predict:
      run: python src/churn/predict.py
      runs-on: ubuntu-latest
    evaluate:
      holdout: holdout/churn.parquet         # or { last: 4, of: data/weeks/* }: rolling, the newest files, kept from training
      lookup: [data/catalogue.parquet]
      baseline: { run: python src/churn/popular.py, code: [src/churn/popular.py] }
      task: binary                           # or ranking
      id: customer                           # default: the row number
      label: churned
      score: p
      metrics:
        lost_revenue: { mean: "price * abs(label - score)", better: lower, unit: "€" }   # SQL over one row
        margin_rate: { ratio: ["sum(margin)", "sum(price)"], better: higher }
        auc: {}                              # built in; the order here is the order in the comment
        recall: { threshold: 0.5 }
      slices: [country, device]
    gates:
      - { metric: auc, at-least: 0.80 }
      - { metric: auc, versus: production, may-worsen: 0.002 }   # by the interval, not the point
    expect:
      - { column: customer, not-null: true, unique: true }
      - { column: age, between: [0, 120] }
      - { sql: "sum(price) > 0" }
    promote: { stages: [production], environment: production, combinations: wait }   # pin: v1.3.0
    monitor:
      schedule: daily                        # the workflow's cron only wakes; this decides
      current: { run: python src/churn/fetch.py, output: current/*.parquet }
      retrain: { run: python src/churn/collect.py, reviewers: [ml-team] }
    tune:
      params: { max_depth: [4, 6, 8], learning_rate: { from: 0.01, to: 0.3, scale: log } }
      trials: 24
      parallel: 8
`;

/** A ranking with a rolling holdout. */
export const ranking = `version: 1
models:
  groceries:
    train: { run: node train.js, model: model.onnx }
    predict: { run: node predict.js }
    evaluate:
      task: ranking
      holdout: { last: 4, of: data/weeks/*.csv }
      lookup:  { last: 24, of: data/weeks/*.csv }   # resolved without the holdout
      id: household
      label: item
      score: score
      ignore: { last: 12, of: data/weeks/*.csv }    # (query, item) pairs seen there are not asked for
      metrics: { ndcg: { at: 10 }, hit_rate: { at: 10 } }
`;
