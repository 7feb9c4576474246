"""Use cases put together from ports and settings, one module for each function.

Nothing here knows an adapter or the environment: the modules beside this package hand in AWS, the tests hand in fakes.
"""
