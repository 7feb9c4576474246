"""Sample feeds for the SFTP server: a small shop's customers, products, orders and order items, all made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

Rows = Iterator[Sequence[str]]

COLORS = ("red", "blue", "green", "black")
THINGS = ("Cabana Top", "Rain Jacket", "Wool Socks", "Canvas Bag", "Sun Hat")
CITIES = (("Lancaster", "PA"), ("Austin", "TX"), ("Portland", "OR"))
PRODUCTS, ORDERS, CUSTOMERS = 60, 240, 120

# Number of the row → column and the value that breaks a rule there.
CUSTOMER_FAULTS = {40: (3, "01/31/1989"), 80: (6, "USA"), 100: (0, "")}
PRODUCT_FAULTS = {23: (2, "$32.95"), 42: (7, "sometimes")}
ORDER_FAULTS = {50: (2, "yesterday"), 150: (4, "Lost")}

# Listrak takes no line breaks; these are mended.
TWO_LINES = dict.fromkeys((7, 27, 47), (3, "Keeps you warm.\nWash at 30 degrees."))


def sample_feeds() -> dict[str, tuple[Sequence[str], Rows]]:
    """Path below `samples/`, which is also the key under which it is dropped → header and rows."""
    return {
        "customers/customers.csv": (
            ("Email", "CustomerNumber", "FirstName", "Birthday", "City", "State", "Country", "MobilePhone"),
            _customers(),
        ),
        "products/products.csv": (
            ("sku", "title", "price", "description", "Image URL", "category", "qoh", "instock", "warehouse_bin"),
            _products(),
        ),
        "orders/orders.csv": (("OrderNumber", "Email", "DateEntered", "OrderTotal", "Status"), _orders()),
        "order_items/order_items.csv": (("ordernumber", "sku", "quantity", "price"), _order_items()),
    }


def sku(number: int) -> str:
    return f"{number // len(COLORS):05d}-{COLORS[number % len(COLORS)]}"


def order_number(number: int) -> str:
    return f"{number:08d}"


def _customers() -> Rows:
    for number in range(1, CUSTOMERS + 1):
        city, state = CITIES[number % len(CITIES)]
        birthday = f"{1950 + number % 50}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        row = [f"customer.{number:04d}@example.com", f"{number:06d}", "Ada", birthday, city, state, "US", "17175550100"]
        yield _spoilt(row, CUSTOMER_FAULTS.get(number))


def _products() -> Rows:
    for number in range(PRODUCTS):
        title = f"{COLORS[number % len(COLORS)].title()} {THINGS[number % len(THINGS)]}"
        image = f"https://www.example.com/{sku(number)}.jpg"
        row = [
            sku(number),
            title,
            f"{9 + number}.95",
            f'"{title}", made to last.',
            image,
            "Clothing",
            "12",
            "true",
            "A7",
        ]
        yield _spoilt(row, (TWO_LINES | PRODUCT_FAULTS).get(number))


def _orders() -> Rows:
    first = datetime(2026, 11, 1, 8)  # noqa: DTZ001 - written with Z below
    for number in range(1, ORDERS + 1):
        entered = (first + timedelta(minutes=97 * number)).isoformat() + "Z"
        row = [order_number(number), f"customer.{number % CUSTOMERS:04d}@example.com", entered, "45.90", "Shipped"]
        yield _spoilt(row, ORDER_FAULTS.get(number))


def _order_items() -> Rows:
    for number in range(1, ORDERS + 1):
        for line in range(1 + number % 3):
            yield order_number(number), sku((number * 7 + line) % PRODUCTS), str(1 + line), "19.95"
    yield order_number(ORDERS + 1), sku(1), "1", "19.95"  # of an order that is not in the Orders file
    yield order_number(1), "00099-gold", "1", "19.95"  # of a product that is not in the Products file
    yield order_number(2), sku(2), "two", "19.95"


def _spoilt(row: list[str], fault: tuple[int, str] | None) -> list[str]:
    if fault:
        row[fault[0]] = fault[1]
    return row
