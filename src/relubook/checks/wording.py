"""How messages of checks print numbers."""


def apart(first: float, second: float) -> tuple[str, str]:
    """Two different numbers with as many digits as it takes to see that they differ.

    Args:
        first: Any number, NaN and infinity included.
        second: One that differs from it.

    >>> apart(1.5932, 1.593)
    ('1.5932', '1.593')
    >>> apart(2.0, 7.123456)
    ('2', '7.12')
    """
    for digits in range(3, 18):
        texts = f"{first:.{digits}g}", f"{second:.{digits}g}"
        if texts[0] != texts[1]:
            return texts
    return repr(first), repr(second)
