"""`pathway step --web`: a case in a browser on this computer, for teaching and demonstrations.

Loopback only, one address with a token that works once, nothing fetched from outside. Every tab is a process
of its own on the same case; what one tab records, another shows within a second, unless a form is open in it:
then the store refuses its entry, the case is shown as it is by then, and the entry is asked for again.
"""

from __future__ import annotations

import argparse
import socket
import sys
from importlib.util import find_spec

from pathway.cli.faults import UsageError
from pathway.cli.main import FINE
from pathway.cli.web.admission import LOOPBACK, Admission
from pathway.language.definition import Definition

CLOSING = 8.0  # seconds that open tabs have to leave after ctrl+c
MISSING = "`--web` needs textual-serve, which is not installed. Fix: pip install 'clinical-pathway[web]'"


def serve(
    definition: Definition, case_id: str, store: str | None, by: str, options: argparse.Namespace
) -> int:
    """Serve a stored case until ctrl+c; returns the exit code. `options.port` 0 takes a free port.

    Raises UsageError where textual-serve is missing or the port cannot be had.
    """
    if find_spec("textual_serve") is None:
        raise UsageError(MISSING)
    from aiohttp import web

    from pathway.cli.web.site import Site

    with _listening(options.port) as listening:
        admission = Admission(listening.getsockname()[1])
        site = Site(page_title(definition, case_id), tab_command(case_id, store, by, options), admission)
        print(
            f"Open in a browser on this computer (works once; ctrl+c stops): {admission.address}",
            file=sys.stderr,
            flush=True,
        )
        web.run_app(site.application(), sock=listening, print=None, access_log=None, shutdown_timeout=CLOSING)
    return FINE


def page_title(definition: Definition, case_id: str) -> str:
    """The title of the tab: the stamp of an unapproved pathway comes first, where it is never cut."""
    stamp = f"{definition.stamp} · " if definition.stamp is not None else ""
    return f"{stamp}{definition.title} {definition.version} · case {case_id}"


def tab_command(case_id: str, store: str | None, by: str, options: argparse.Namespace) -> list[str]:
    """What a tab runs: the stored case is taken up as the command line named it."""
    command = [sys.executable, "-m", "pathway", "step", f"--case={case_id}"]
    if store is not None:
        command.append(f"--store={store}")
    command.append(f"--by={by}")
    if options.layers is not None:
        command.append(f"--layers={options.layers}")
    return command if options.pathway is None else [*command, "--", options.pathway]


def _listening(port: int) -> socket.socket:
    """A port of this computer that nobody outside can reach."""
    if not 0 <= port <= 65535:
        raise UsageError(f"--port {port}: a port is a number from 1 to 65535; 0 takes a free one.")
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"--port {port}: {why}. Choose another port, or leave --port out.") from None
