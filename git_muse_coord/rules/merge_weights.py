"""The weights of the regression in ``merge_chance``. Written by ``scripts/eval_merges --fit``, never by hand."""

MEASURED = "2026-11-27"
MERGES = {
    "ansible/ansible": 800,
    "celery/celery": 800,
    "colinhacks/zod": 196,
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
    "square/okhttp": 800,
    "typelevel/cats": 800,
    "typeorm/typeorm": 538,
    "vuejs/vue": 11,
}
WEIGHTS = {
    "table": {
        "constant": 0.000,
        "table": 1.000,
    },
    "record": {
        "constant": -0.470,
        "table": 0.717,
        "project": 0.643,
        "path": 0.508,
        "place": 0.907,
    },
    "table and commits": {
        "constant": -0.812,
        "table": 0.730,
        "known": 0.789,
        "share": 0.166,
    },
    "record and commits": {
        "constant": -0.799,
        "table": 0.674,
        "project": 0.676,
        "path": 0.498,
        "place": 0.775,
        "known": 0.656,
        "share": 0.137,
    },
}
