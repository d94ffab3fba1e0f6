"""One JSON Schema from the declarations: for editors, and enforced by the checker."""

from __future__ import annotations
