"""A real browser and the built book, for every test that asks for them."""

from built_book import book, server

from browser_support import chromium

__all__ = ["book", "chromium", "server"]
