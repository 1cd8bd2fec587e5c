"""The compiled months and Januaries. Importing this package sets where compiled code is cached, before anything
compiles.
"""

from stackcraft.model.loop import cache as _cache

_cache.choose_folder()
