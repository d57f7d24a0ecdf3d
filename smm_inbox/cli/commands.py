"""The commands without a screen, each a function from parsed arguments to an exit code."""

from __future__ import annotations

from argparse import Namespace

from smm_inbox.config.loader import ConfigError, remapped_keys
from smm_inbox.config.paths import default_config
from smm_inbox.locale import language, tr

from . import checking, exporting, hooking, login, scripting, sending, shifting, syncing
from .exits import Exit, UsageError
from .output import say, say_utf8
from .session import (
    accounts_named,
    config_path,
    read_settings,
    settings_of,
    with_services,
)


def sync(args: Namespace) -> Exit:
    """Collect messages without the screen."""
    settings = settings_of(args)
    chosen = accounts_named(settings, args.account)
    work = syncing.once if args.once else syncing.forever
    return with_services(settings, lambda services: work(services, chosen, as_json=args.json))


def send(args: Namespace) -> Exit:
    """Send one answer and wait for its fate."""
    text = sending.text_of(args.text)
    return with_services(
        settings_of(args),
        lambda services: sending.send(services, args.conversation, text, args.wait),
    )


def add(args: Namespace) -> Exit:
    """Write down what came from outside the networks."""
    from . import adding  # noqa: PLC0415 - patterns that no other command needs

    line = " ".join(args.line).strip()
    wishes = adding.AddWishes(args.skip_broken, args.dry_run, args.json)
    if bool(line) == bool(args.csv):
        raise UsageError(tr("Give either a line in quotation marks or --csv with a file."))
    if args.skip_broken and not args.csv:
        raise UsageError(tr("--skip-broken is for tables: give --csv with a file."))
    if args.csv:
        raw = adding.read_file(args.csv)
        return with_services(
            settings_of(args), lambda services: adding.add_table(services, raw, wishes)
        )
    return with_services(
        settings_of(args), lambda services: adding.add_line(services, line, wishes)
    )


def search(args: Namespace) -> Exit:
    """Search all stored messages."""
    from . import searching  # noqa: PLC0415 - only this command needs it

    text = " ".join(args.query)
    return with_services(
        settings_of(args),
        lambda services: searching.search(
            services, text, limit=args.limit, by_time=args.by_time, as_json=args.json
        ),
    )


def export(args: Namespace) -> Exit:
    """Write out all stored messages."""
    from smm_inbox.services.export import export_messages  # noqa: PLC0415 - database library

    delimiter = "\t" if args.delimiter == "tab" else args.delimiter
    table = exporting.Table(delimiter) if args.format == "csv" else None
    shape, head = (table, table.head) if table else (exporting.jsonl, "")
    with_services(
        settings_of(args),
        lambda services: exporting.write(export_messages(services), shape, head, args.output),
    )
    return Exit.FINE


def doctor(args: Namespace) -> Exit:
    """Check everything; with ``--fix`` put right what can be."""
    try:
        settings = settings_of(args)
    except ConfigError as error:
        return checking.report_config(error, as_json=args.json)
    return with_services(
        settings, lambda services: checking.examine(services, fix=args.fix, as_json=args.json)
    )


def hooks(args: Namespace) -> Exit:
    """Take webhooks and hand them to the inbox."""
    listen = hooking.address(args.listen)
    settings = settings_of(args)
    return hooking.serve(settings, accounts_named(settings, args.account), listen)


def log_in(args: Namespace) -> Exit:
    """Log an account in."""
    settings = settings_of(args)
    (account,) = accounts_named(settings, [args.account])
    by_code = args.code or bool(args.phone)
    return with_services(
        settings,
        lambda services: login.log_in(services, account, by_code=by_code, phone=args.phone),
    )


def log_out(args: Namespace) -> Exit:
    """Log an account out."""
    settings = settings_of(args)
    (account,) = accounts_named(settings, [args.account])
    return with_services(settings, lambda services: login.log_out(services, account))


def tags(args: Namespace) -> Exit:
    """List the tags, or change one."""
    from . import tagging  # noqa: PLC0415 - words that no other command needs

    wishes = tagging.TagWishes(args.what, tuple(args.names), args.yes, args.json)
    tagging.check(wishes)
    return with_services(settings_of(args), lambda services: tagging.run(services, wishes))


def playbook(args: Namespace) -> Exit:
    """Write the playbook out, read it in, or bring the shipped one back."""
    settings = settings_of(args)
    if args.what == "import":
        return with_services(settings, lambda one: shifting.import_playbook(one, args.file))
    if args.what == "reset":
        return with_services(settings, shifting.reset_playbook)
    return with_services(settings, lambda one: shifting.export_playbook(one, args.file))


def handover(args: Namespace) -> Exit:
    """Write what the next one on duty has to know."""
    return with_services(
        settings_of(args), lambda one: shifting.handover(one, args.output, end=args.end)
    )


def scripts(args: Namespace) -> Exit:
    """Write the scripts out, or take scripts out of a file."""
    settings = settings_of(args)
    if args.what == "import":
        return with_services(
            settings,
            lambda one: scripting.import_scripts(
                one, args.file, overwrite=args.replace, skip=args.skip_broken
            ),
        )
    return with_services(
        settings, lambda one: scripting.export_scripts(one, args.output or args.file)
    )


def check_config(args: Namespace) -> Exit:
    """Check the config file, secrets included, and touch nothing."""
    say(checking.config_is_fine(read_settings(args)))
    return Exit.FINE


def keys(args: Namespace) -> Exit:
    """List the keys in force, or all defaults as the table of the README."""
    from smm_inbox.ui.commands import (  # noqa: PLC0415 - hundreds of lines of table
        CommandRegistry,
        Group,
        markdown_table,
        validate,
    )

    if args.markdown:
        say_utf8(markdown_table(language()))
        return Exit.FINE
    chosen = remapped_keys(config_path(args) or default_config(), validate)
    registry = CommandRegistry.default(chosen)
    for group in Group:
        rows = [command for command in registry if command.group is group]
        say(tr(group.value))
        for command in rows:
            say(f"  {command.shown_keys:<18}  {command.shown_help}  [{command.id}]")
    return Exit.FINE


__all__ = [
    "add",
    "check_config",
    "doctor",
    "export",
    "handover",
    "hooks",
    "keys",
    "log_in",
    "log_out",
    "playbook",
    "scripts",
    "search",
    "send",
    "sync",
    "tags",
]
