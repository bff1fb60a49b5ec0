"""Numbers as they are printed for people: two decimals, or as many as it takes to be true, and a real minus sign."""

from __future__ import annotations

MOST_DIGITS = 7


def error_in_words(error: float, digits: int = 2) -> str:
    """An error with so many decimals, or as many as it takes not to print 0.00; as below the last digit if it is zero.

    No measured error is zero. Its estimate is, where nothing varied, or where the images scatter less than the seeds
    alone explain: such an estimate is negative and counts as zero.

    >>> error_in_words(1.24), error_in_words(0.003), error_in_words(0.003, digits=3), error_in_words(0.0)
    ('1.24', '0.003', '0.003', '<0.01')
    """
    for enough in range(digits, MOST_DIGITS):
        if float(f"{error:.{enough}f}") > 0:
            return f"{error:.{enough}f}"
    return f"<{10**-digits:.{digits}f}"  # what is smaller is what rounding left of zero


def error_in_points(error: float) -> str:
    """A standard error of a fraction in percentage points.

    >>> error_in_points(0.0124), error_in_points(0.00003), error_in_points(0.0)
    ('1.24', '0.003', '<0.01')
    """
    return error_in_words(100 * error)


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign, for people: the minus is U+2212, as wide as the plus. Programs read plain numbers.

    >>> signed(0.3), signed(-0.05), signed(-12.34, digits=1)
    ('+0.30', '−0.05', '−12.3')
    """
    return printed(f"{value:+.{digits}f}")


def printed(number: str) -> str:
    """A number that was made into text, with the minus sign of print; that of an exponent stays.

    >>> printed("-0.25"), printed("-3e-05")
    ('−0.25', '−3e-05')
    """
    return f"−{number[1:]}" if number.startswith("-") else number


def in_percent(fraction: float) -> str:
    """A fraction in percent; only all is printed as 100.00, and only none as 0.00.

    >>> in_percent(0.98741), in_percent(0.99998), in_percent(1.0)
    ('98.74', '99.998', '100.00')
    """
    percent = 100 * fraction
    is_end = fraction in {0.0, 1.0}
    digits = next((digits for digits in range(2, MOST_DIGITS) if is_end or 0 < float(f"{percent:.{digits}f}") < 100), 2)
    return f"{percent:.{digits}f}"
