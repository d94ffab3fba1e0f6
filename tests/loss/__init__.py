"""Tests of the loss engine."""
