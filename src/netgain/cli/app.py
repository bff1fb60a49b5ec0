"""The program `netgain`: its commands, and how every error becomes one message and an exit code."""

from __future__ import annotations

import gc
import signal
import sys
import warnings

import typer

from netgain.cli import (
    data,
    evaluate,
    fractions,
    generate,
    improve,
    ladder,
    listing,
    new,
    predict,
    report,
    serve,
    show,
    study,
    train,
)
from netgain.cli.options import say

app = typer.Typer(
    name="netgain",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Trains image classifiers and says which changes to the network are real improvements.",
    epilog="Example: netgain study dropout --seeds 5",
)
app.command("list", epilog="Example: netgain list")(listing.list_command)
app.add_typer(data.app, name="data")
app.command("train", epilog="Example: netgain train baseline --set epochs=5 --save baseline.keras")(train.train_command)
app.command("study", epilog="Example: netgain study dropout l2 --seeds 5")(study.study_command)
app.command("ladder", epilog="Example: netgain ladder --quick")(ladder.ladder_command)
app.command("improve", epilog="Example: netgain improve my_images/ --start my_model.keras --minutes 60")(
    improve.improve_command
)
app.command("evaluate", epilog='Example: netgain evaluate baseline --shift "rotation=N(0,10)" --shift "blur=U(0,1)"')(
    evaluate.evaluate_command
)
app.command("report", epilog="Example: netgain report dropout l2 -o report.html")(report.report_command)
app.command("show", epilog="Example: netgain show netgain.db")(show.show_command)
app.add_typer(new.app, name="new")
app.command("predict", epilog="Example: netgain predict baseline.keras three.png")(predict.predict_command)
app.command("fractions", epilog="Example: netgain fractions convnet my-images --set validation_size=10000 --seeds 3")(
    fractions.fractions_command
)
app.command("generate", epilog="Example: netgain generate generator.keras -n 100 --digit 7 -o sevens.png")(
    generate.generate_command
)
app.command("serve", epilog="Example: netgain serve --store netgain.db --port 7860")(serve.serve_command)


@app.callback(invoke_without_command=True)
def _version(
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    if version:
        from importlib.metadata import version as version_of

        typer.echo(version_of("netgain"))
        raise typer.Exit


def main() -> None:
    """Run the command line; an error of ours is printed in one paragraph, without a traceback."""
    from netgain.errors import NetgainError

    # What imports and charts make stays: there is little garbage to find, and checking every 700th object takes time.
    gc.set_threshold(100_000)
    # `kill` ends the program as Ctrl-C does: workers and temporary files go with it.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    warnings.showwarning = lambda message, *_: say(f"netgain: {message}")
    try:
        app()
    except NetgainError as error:
        _complain(str(error))
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away, `netgain list | head`, and that is fine
    except OSError as error:
        _complain(f"{error.strerror or error}{f': {error.filename!r}' if error.filename else ''}")
    except MemoryError:
        _complain("there is not enough memory; try fewer --workers or a smaller train_size")
    finally:
        gc.freeze()  # or Python looks for garbage among all that was imported on its way out: half a second of a report


def _complain(message: str) -> None:
    say(f"netgain: {message}")
    sys.exit(1)
