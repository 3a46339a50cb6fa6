"""Fixtures for every test."""

pytest_plugins = ["tests.doubles.fixtures", "tests.databases", "tests.stories.settled"]
