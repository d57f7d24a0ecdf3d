"""Whole screens: they hold selection and filter, never data."""
