"""Side-by-side measurements, and the generators of their data."""
