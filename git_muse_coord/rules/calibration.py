"""How often each kind of evidence came to a conflict. Written by ``scripts/eval_merges --fit``, never by hand."""

from git_muse_coord.model.light import NamedTuple


class Frequency(NamedTuple):
    """In how many merges such evidence was found, and in how many of them git conflicted in that place.

    Of a merge with several such places each counts for its part. ``probability`` is smoothed
    towards that of the coarser kind of evidence where the merges are few.
    """

    trials: int
    conflicts: float
    probability: float


def _read(table: str) -> dict[str, Frequency]:
    """The rows of a table, behind its head, by the kinds of evidence that they are about."""
    frequencies: dict[str, Frequency] = {}
    _, *rows = table.split("\n")
    for row in rows:
        # From the right, as a kind may be two words.
        kind, trials, conflicts, probability = row.rsplit(maxsplit=3)
        frequencies[kind] = Frequency(
            int(trials),
            float(conflicts),
            float(probability),
        )
    return frequencies


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
_TABLE = """\
kind                          trials  conflicts  probability
any                             6971     2107.0        0.302
apart                           2297       19.8        0.009
apart/add-add                     29        1.0        0.031
apart/add-add/medium               8        0.0        0.012
apart/add-add/small                8        0.0        0.012
apart/add-delete                  23        2.0        0.073
apart/add-delete/medium            9        1.0        0.098
apart/add-modify                 586       12.5        0.021
apart/add-modify/huge             78        3.0        0.037
apart/add-modify/large           160        1.5        0.010
apart/add-modify/medium          215        5.0        0.023
apart/add-modify/small           122        4.0        0.032
apart/add-modify/tiny             50        0.0        0.002
apart/add-rename                   9        0.0        0.003
apart/delete-modify              116        5.0        0.042
apart/delete-modify/huge          24        1.0        0.042
apart/delete-modify/large         22        2.0        0.082
apart/delete-modify/medium        47        1.0        0.023
apart/delete-modify/small         15        0.0        0.011
apart/delete-modify/tiny          10        1.0        0.081
apart/modify-modify             1786        5.2        0.003
apart/modify-modify/huge         617        0.0        0.000
apart/modify-modify/large        682        1.5        0.002
apart/modify-modify/medium       549        1.0        0.002
apart/modify-modify/small        175        2.5        0.014
apart/modify-modify/tiny          74        1.0        0.013
apart/modify-rename               42        0.0        0.001
apart/modify-rename/large         10        0.0        0.000
apart/modify-rename/medium        21        0.0        0.000
apart/modify-rename/small          9        0.0        0.000
around                          1947      274.2        0.141
around/add-add                    27       23.9        0.770
around/add-add/large               9        9.0        0.918
around/add-add/medium             16       14.6        0.877
around/add-add/small               8        6.2        0.776
around/delete-add                 28       24.8        0.772
around/delete-add/huge            14       13.0        0.887
around/delete-add/large           12        9.7        0.799
around/delete-modify              83       79.5        0.911
around/delete-modify/huge         34       32.4        0.947
around/delete-modify/large        41       40.5        0.979
around/delete-modify/medium       33       31.5        0.950
around/delete-modify/small        17       16.3        0.948
around/delete-rename               8        7.0        0.593
around/modify-add               1073      133.2        0.124
around/modify-add/huge           134       18.7        0.139
around/modify-add/large          258       44.5        0.172
around/modify-add/medium         600       79.4        0.132
around/modify-add/small          688       74.6        0.109
around/modify-add/tiny           596       87.7        0.147
around/modify-delete             482      141.5        0.292
around/modify-delete/huge         62       22.7        0.360
around/modify-delete/large       128       64.6        0.497
around/modify-delete/medium      231       84.6        0.365
around/modify-delete/small       261       79.0        0.303
around/modify-delete/tiny        314      116.2        0.369
around/modify-modify            1839      251.1        0.137
around/modify-modify/huge        594       88.6        0.149
around/modify-modify/large      1075      111.2        0.104
around/modify-modify/medium     1274      118.2        0.093
around/modify-modify/small       944       95.0        0.101
around/modify-modify/tiny        627      146.1        0.232
around/modify-rename             314       38.3        0.122
around/modify-rename/huge         47        2.3        0.056
around/modify-rename/large        71        7.8        0.110
around/modify-rename/medium      144       21.4        0.148
around/modify-rename/small       147       15.7        0.108
around/modify-rename/tiny        130       17.2        0.132
around/rename-modify              32        6.7        0.200
around/rename-modify/huge         11        1.0        0.125
around/rename-modify/large        12        1.8        0.167
beside                           462       89.2        0.194
beside/add-add                   462       89.2        0.193
beside/add-add/large              85       17.0        0.200
beside/add-add/medium            211       39.6        0.188
beside/add-add/small             134       22.9        0.172
beside/add-add/tiny               90       28.0        0.305
blast                             67        0.1        0.023
blast/1                           53        0.3        0.008
blast/1/modify                    53        0.0        0.001
blast/1/modify/elsewhere          36        0.0        0.000
blast/1/modify/there              30        0.0        0.000
blast/2                           50        0.0        0.002
blast/2/modify                    49        0.0        0.000
blast/2/modify/elsewhere          37        0.0        0.000
blast/2/modify/there              27        0.0        0.000
directory                       6630      682.3        0.103
directory/modify-modify         6630      682.3        0.103
file                            3960      861.9        0.218
file/add-add                      27       27.0        0.878
file/modify-modify              3960      861.2        0.217
gap                              244      223.3        0.903
gap/add-add                      244      223.3        0.915
gap/add-add/huge                  10       10.0        0.972
gap/add-add/large                 60       55.7        0.927
gap/add-add/medium               125      115.8        0.926
gap/add-add/small                 48       41.5        0.869
gap/add-add/tiny                  31       27.0        0.877
heading                          458      195.5        0.425
heading/add-add                   23       17.7        0.706
heading/add-add/large              8        7.2        0.823
heading/add-add/medium            15       13.0        0.827
heading/delete-modify             24       21.0        0.797
heading/delete-modify/large       12       11.0        0.881
heading/delete-modify/medium       9        8.0        0.856
heading/modify-modify            411      173.6        0.423
heading/modify-modify/huge       146       58.8        0.403
heading/modify-modify/large      191       66.3        0.349
heading/modify-modify/medium     114       54.4        0.475
heading/modify-modify/small       40       23.0        0.558
heading/modify-modify/tiny         9        9.0        0.794
heading/modify-rename             31        6.7        0.244
heading/modify-rename/large       16        3.5        0.225
heading/modify-rename/medium      10        2.0        0.215
heading/modify-rename/small       10        3.0        0.281
heading/rename-rename             20        7.6        0.389
heading/rename-rename/medium       9        1.1        0.218
heading/rename-rename/small        8        5.0        0.534
imports                          415       53.8        0.132
imports/delete-modify             19       17.3        0.750
imports/delete-modify/small        8        8.0        0.904
imports/delete-modify/tiny         9        7.2        0.780
imports/modify-modify            407       43.5        0.107
imports/modify-modify/huge        41        0.0        0.012
imports/modify-modify/large      109        7.5        0.070
imports/modify-modify/medium     237       28.7        0.121
imports/modify-modify/small      125       19.3        0.152
imports/modify-modify/tiny        31       11.8        0.341
in directory                    7481      270.0        0.036
in directory/modify-modify      7481      270.0        0.036
in file                         3692      402.3        0.109
in file/add-add                   27       23.5        0.751
in file/add-add/large             15       12.9        0.831
in file/add-add/medium            18       12.1        0.690
in file/add-add/small             13       11.3        0.836
in file/add-add/tiny              11        9.7        0.839
in file/delete-add                22       22.0        0.835
in file/delete-add/medium         12       12.0        0.951
in file/delete-add/small          10       10.0        0.945
in file/delete-add/tiny           12       12.0        0.951
in file/delete-modify             67       67.0        0.938
in file/delete-modify/huge        13       13.0        0.983
in file/delete-modify/large       22       22.0        0.989
in file/delete-modify/medium      30       30.0        0.991
in file/delete-modify/small       27       27.0        0.990
in file/delete-modify/tiny        24       24.0        0.989
in file/modify-add              2167      238.4        0.110
in file/modify-add/huge          194       31.0        0.158
in file/modify-add/large         698      141.9        0.203
in file/modify-add/medium       1296      179.7        0.139
in file/modify-add/small        1410      194.0        0.137
in file/modify-add/tiny         1292      122.4        0.095
in file/modify-delete            918      167.9        0.183
in file/modify-delete/huge       133       72.4        0.532
in file/modify-delete/large      238      101.8        0.423
in file/modify-delete/medium     416      103.5        0.248
in file/modify-delete/small      466      100.0        0.214
in file/modify-delete/tiny       621      130.5        0.210
in file/modify-modify           3633      363.4        0.100
in file/modify-modify/huge      1775      192.8        0.109
in file/modify-modify/large     2321      158.2        0.068
in file/modify-modify/medium    2486      161.8        0.065
in file/modify-modify/small     1843      113.5        0.062
in file/modify-modify/tiny      1326      212.8        0.160
in file/modify-rename            579       46.7        0.081
in file/modify-rename/huge        55        2.0        0.040
in file/modify-rename/large      128       12.0        0.093
in file/modify-rename/medium     284       25.4        0.089
in file/modify-rename/small      257       18.4        0.072
in file/modify-rename/tiny       254       18.9        0.075
in file/rename-add                23        6.1        0.237
in file/rename-add/medium         14        4.3        0.286
in file/rename-add/small          13        2.5        0.205
in file/rename-add/tiny           11        1.8        0.183
in file/rename-delete              9        3.6        0.298
in file/rename-modify             65       12.6        0.187
in file/rename-modify/huge        19        6.6        0.312
in file/rename-modify/large       31        6.8        0.215
in file/rename-modify/medium      34        2.3        0.083
in file/rename-modify/small       29        5.6        0.191
in file/rename-modify/tiny        16        1.2        0.100
in file/rename-rename              9        0.0        0.041
key                              297      203.0        0.677
key/add-add                        8        7.3        0.819
key/delete-modify                 63       63.0        0.976
key/delete-modify/tiny            56       56.0        0.998
key/modify-modify                285      193.1        0.678
key/modify-modify/huge            41       18.0        0.465
key/modify-modify/large           31        8.5        0.330
key/modify-modify/medium          79       24.5        0.332
key/modify-modify/small           39       28.0        0.713
key/modify-modify/tiny           135      134.0        0.981
module                           304      125.7        0.412
module/add-add                     8        7.0        0.697
module/delete-modify              18       17.8        0.865
module/delete-modify/huge         10       10.0        0.955
module/modify-modify             292      113.8        0.390
module/modify-modify/huge        197       69.1        0.352
module/modify-modify/large        70       34.8        0.489
module/modify-modify/medium       50       25.0        0.490
next                             180      161.4        0.881
next/add-delete                   36       32.0        0.888
next/add-delete/tiny              36       32.0        0.889
next/add-modify                   94       81.2        0.865
next/add-modify/tiny              94       81.2        0.864
next/add-rename                    8        4.5        0.685
next/add-rename/tiny               8        4.5        0.610
next/delete-modify                76       75.0        0.980
next/delete-modify/tiny           76       75.0        0.986
next/modify-modify                94       91.4        0.968
next/modify-modify/tiny           94       91.4        0.972
somewhere                        646      268.5        0.415
somewhere/add-add                646      268.5        0.416
symbol                          1136      472.5        0.415
symbol/add-add                    62       55.2        0.855
symbol/add-add/large              17       15.0        0.876
symbol/add-add/medium             29       24.6        0.848
symbol/add-add/small              26       24.8        0.939
symbol/add-add/tiny               19       16.3        0.859
symbol/delete-modify             155      150.7        0.955
symbol/delete-modify/huge         10       10.0        0.985
symbol/delete-modify/large        55       53.0        0.963
symbol/delete-modify/medium       74       72.8        0.982
symbol/delete-modify/small        63       62.0        0.982
symbol/delete-modify/tiny         46       45.0        0.976
symbol/delete-rename              20       17.0        0.763
symbol/delete-rename/medium        8        8.0        0.909
symbol/delete-rename/tiny          9        7.0        0.772
symbol/modify-modify            1064      404.7        0.381
symbol/modify-modify/huge        371       63.2        0.173
symbol/modify-modify/large       452      147.3        0.327
symbol/modify-modify/medium      372      183.9        0.493
symbol/modify-modify/small       176      119.4        0.670
symbol/modify-modify/tiny        174      159.6        0.902
symbol/modify-rename              41       24.6        0.581
symbol/modify-rename/large         9        5.0        0.565
symbol/modify-rename/medium       24       16.8        0.681
symbol/modify-rename/small        13        8.2        0.618
symbol/rename-rename              32        5.7        0.209
symbol/rename-rename/medium       12        3.2        0.253
symbol/rename-rename/small        12        0.8        0.106
symbol/rename-rename/tiny         15        0.9        0.095
unfinished                      1283      843.0        0.656
whole                            532      294.4        0.551
whole/delete-modify               20       20.0        0.910
whole/delete-modify/tiny           8        8.0        0.965
whole/modify-modify              523      286.1        0.547
whole/modify-modify/huge         418      226.7        0.542
whole/modify-modify/large         90       49.0        0.545
whole/modify-modify/medium        27       17.5        0.632
whole/modify-modify/small         21       10.0        0.490
whole/modify-modify/tiny          34       33.0        0.916"""
TABLE = _read(_TABLE)
