# libaom encodes pictures of eight bits here: what deeper ones need is a quarter of its code and of the time to build it.
set(CONFIG_AV1_HIGHBITDEPTH 0 CACHE STRING "")
