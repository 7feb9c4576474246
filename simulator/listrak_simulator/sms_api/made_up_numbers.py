"""Phone numbers by the thousand that belong to nobody in particular."""

from collections.abc import Iterator

# Area codes of made-up numbers: with exchange 555 and four digits each has 10,000.
_AREA_CODES = (
    *(201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228),
    *(229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302),
)
_NUMBERS_PER_AREA = 10_000


def made_up_numbers(count: int, skip: int = 0) -> Iterator[str]:
    """Made-up US numbers, always the same: ``12015550000`` and so on.

    Raises:
        ValueError: more are asked for than there are.
    """
    if skip + count > len(_AREA_CODES) * _NUMBERS_PER_AREA:
        raise ValueError(f"there are {len(_AREA_CODES) * _NUMBERS_PER_AREA} made-up numbers, not {skip + count}")
    for position in range(skip, skip + count):
        area, line = divmod(position, _NUMBERS_PER_AREA)
        yield f"1{_AREA_CODES[area]}555{line:04}"
