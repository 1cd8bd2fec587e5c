"""Sentences and names that the report, the dashboard and the terminal share, in the language spoken now.

Read the shared ones as `words.percent`, `words.headline` and so on; what one screen alone says is in a module by
subject: `words.explore`, `words.claims`, `words.doubt`.
"""

from stackcraft.viz.words.countries import *
from stackcraft.viz.words.deals import *
from stackcraft.viz.words.declared import *
from stackcraft.viz.words.forms import *
from stackcraft.viz.words.headlines import *
from stackcraft.viz.words.names import *
from stackcraft.viz.words.numbers import *
