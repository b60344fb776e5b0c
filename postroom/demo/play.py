"""Plays the story and tells whether every step ended as told; stays open for a look around."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from rich.console import Console

from postroom.demo.account import Account
from postroom.demo.stage import Stage, own_stage
from postroom.demo.story import SCENES, Scene
from postroom.logs import configure_logs
from postroom.mailbox.pages import served


def play(*, once: bool, console: Console | None = None) -> int:
    """Play all scenes on a stage of their own; 0 if every step ended as told, else 1."""
    console = console or Console()
    configure_logs("console", "error")
    with own_stage() as stage:
        failed = play_scenes(stage, console)
        if once:
            return 1 if failed else 0
        with served(stage.relay) as address:
            console.rule("Your turn", align="left")
            console.print(
                f"Open [bold]{address}[/bold] in a browser: read every mail as Olga, Ben, Ana, Tom or Ida, answer it,"
                " attach a file, click its links.\nCtrl+C ends the demo and forgets everything."
            )
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                console.print("The demo has ended.")
    return 1 if failed else 0


def play_scenes(stage: Stage, console: Console, scenes: Sequence[Scene] = SCENES) -> int:
    """Play *scenes* in order and return how many did not end as told; the ones after such a one are not played."""
    account = Account(console, stage.relay.mailboxes)
    for number, scene in enumerate(scenes, 1):
        account.title(f"Scene {number} of {len(scenes)}: {scene.__name__.replace('_', ' ')}")
        try:
            scene(stage, account.tell)
        except Exception as error:  # noqa: BLE001 - any fault of a scene is told, and the exit code says so
            account.mails()
            console.print(f"[bold red]This did not end as told:[/bold red] {type(error).__name__}: {error}")
            return len(scenes) - number + 1
        account.mails()
        console.print(f"[green]As told:[/green] {(scene.__doc__ or '').strip()}\n")
    console.print("[bold green]Every step ended as told.[/bold green]")
    return 0
