"""A small client of a language server on its standard input and output: what an editor would do."""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

PATIENCE = 60.0  # seconds; a cold start takes about one
QUIET = 0.6  # seconds without news; the server waits 0.2 s before it checks a changed text

CAPABILITIES = {
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
    "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}},
}


class ServerStoppedError(RuntimeError):
    """The server ended or stayed silent where an answer was due."""


class LanguageServer:
    """One running server with one schema for every document.

    Args:
        command: starts the server on its standard streams.
        schema: file that every document is held against.
        root: workspace folder.
        settings: of the section `yaml`, as an editor hands them over; in place of the one schema.

    Positions are 0-based lines and UTF-16 columns, as in the protocol.
    """

    def __init__(
        self,
        command: Sequence[str],
        schema: Path | None,
        root: Path,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self._settings = {
            "yaml": {
                "schemas": {schema.resolve().as_uri(): "**/*.yaml"} if schema is not None else {},
                "schemaStore": {"enable": False},  # nothing is fetched
                "kubernetesCRDStore": {"enable": False},
                "validate": True,
                "hover": True,
                "completion": True,
                **(settings or {}),
            },
            "http": {"proxy": "", "proxyStrictSSL": False},
        }
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input: IO[bytes] = self._process.stdin
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._numbers = itertools.count(1)
        self._published: dict[str, list[dict[str, Any]]] = {}
        self._configured = False
        self._output: IO[bytes] = self._process.stdout
        self._reader = threading.Thread(target=_read_all, args=(self._output, self._messages), daemon=True)
        self._reader.start()
        self._handshake(root)

    def open(self, path: Path, text: str) -> str:
        """Show a document to the server; it need not exist on the disk. Returns its URI."""
        uri = path.resolve().as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._published.pop(uri, None)
        self._notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def close(self, uri: str) -> None:
        """Take a document away again."""
        self._notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """Findings of an open document, once the server has said its last word."""
        while uri not in self._published:
            self._handle(self._next_message(PATIENCE))
        while (message := self._next_message(QUIET, must_come=False)) is not None:
            self._handle(message)
        return self._published[uri]

    def all_diagnostics(self, uris: Sequence[str]) -> list[list[dict[str, Any]]]:
        """Findings of many open documents, once all are checked and nothing more comes."""
        while not all(uri in self._published for uri in uris):
            self._handle(self._next_message(PATIENCE))
        while (message := self._next_message(2 * QUIET, must_come=False)) is not None:
            self._handle(message)
        return [self._published[uri] for uri in uris]

    def complete(self, uri: str, line: int, column: int) -> list[dict[str, Any]]:
        """Completion items at a place."""
        answer = self._request("textDocument/completion", _place(uri, line, column))
        items = answer["items"] if isinstance(answer, Mapping) else answer
        return list(items or [])

    def hover(self, uri: str, line: int, column: int) -> str:
        """Hover text at a place; empty if there is none."""
        answer = self._request("textDocument/hover", _place(uri, line, column))
        contents = (answer or {}).get("contents", "")
        return contents if isinstance(contents, str) else str(contents["value"])

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None and kind is None:
            self._request("shutdown", None)
            self._notify("exit", None)
        self._input.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._output.close()

    def _handshake(self, root: Path) -> None:
        folder = root.resolve().as_uri()
        parameters = {
            "processId": None,
            "rootUri": folder,
            "workspaceFolders": [{"uri": folder, "name": root.name}],
            "capabilities": CAPABILITIES,
        }
        self._request("initialize", parameters)
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": self._settings})
        while not self._configured:  # a document opened sooner would be checked without the schema
            self._handle(self._next_message(PATIENCE))

    def _request(self, method: str, parameters: Any) -> Any:
        number = next(self._numbers)
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._next_message(PATIENCE)
            if message is not None and message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise ServerStoppedError(f"{method}: {message['error']}")
                return message.get("result")
            self._handle(message)

    def _notify(self, method: str, parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._input.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._input.flush()

    def _next_message(self, patience: float, *, must_come: bool = True) -> dict[str, Any] | None:
        try:
            message = self._messages.get(timeout=patience)
        except queue.Empty:
            message = None
        if message is None and must_come:
            raise ServerStoppedError(f"no message within {patience:g} s")
        return message

    def _handle(self, message: dict[str, Any] | None) -> None:
        """Take note of findings and answer what the server asks."""
        if message is None:
            return
        parameters = message.get("params") or {}
        if message.get("method") == "textDocument/publishDiagnostics":
            self._published[parameters["uri"]] = parameters["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            wanted = [self._settings.get(item.get("section", ""), {}) for item in parameters["items"]]
            self._send({"id": message["id"], "result": wanted})
            self._configured = True
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})


def _place(uri: str, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}


def _read_all(stream: IO[bytes], messages: queue.Queue[dict[str, Any] | None]) -> None:
    """Put every message of the server on the queue, and ``None`` when it has ended."""
    while length := _content_length(stream):
        messages.put(json.loads(stream.read(length)))
    messages.put(None)


def _content_length(stream: IO[bytes]) -> int:
    """Bytes in the next message; 0 at the end of the stream."""
    length = 0
    for line in iter(stream.readline, b""):
        if not line.strip():
            return length
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    return 0
