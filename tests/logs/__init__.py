"""Tests of the log reader, and the writer of logs that they compare with."""
