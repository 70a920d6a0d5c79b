"""The weights of the regression in ``merge_chance``. Written by ``scripts/eval_merges --fit``, never by hand."""

MEASURED = "2026-11-27"
MERGES = {
    "celery/celery": 800,
    "expressjs/express": 246,
    "gastownhall/beads": 800,
    "gin-gonic/gin": 148,
    "ipython/ipython": 800,
    "jekyll/jekyll": 800,
    "pallets/click": 519,
    "pallets/flask": 782,
    "psf/requests": 790,
    "pytest-dev/pytest": 800,
    "redis/redis": 800,
    "scrapy/scrapy": 800,
    "typelevel/cats": 800,
    "typeorm/typeorm": 538,
}
WEIGHTS = {
    "table": {
        "constant": 0.000,
        "table": 1.000,
    },
    "record": {
        "constant": -0.326,
        "table": 0.741,
        "project": 0.884,
        "path": 1.396,
        "place": 1.421,
    },
    "table and commits": {
        "constant": -0.722,
        "table": 0.701,
        "known": 0.717,
        "share": 0.151,
    },
    "record and commits": {
        "constant": -0.725,
        "table": 0.690,
        "project": 0.984,
        "path": 1.258,
        "place": 1.452,
        "known": 0.702,
        "share": 0.121,
    },
}
