"""``kb export``: complete files, with a manifest."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import click

from kb.options import AS_JSON, DB, explained


class FormatName(click.ParamType[str]):
    """One of the formats that can be written; the list is looked up late, so that no other command loads it."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name."""
        from kb.export.formats import FORMATS

        if value not in FORMATS:
            self.fail(f"{value!r} is none of {', '.join(FORMATS)}", param, ctx)
        return value


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "names",
    type=FormatName(),
    multiple=True,
    required=True,
    help="graphml (Gephi, yEd, Cytoscape, igraph, networkx) or node-link (JSON for networkx, D3 and scripts); may be "
    "given several times.",
)
@DB
@click.option("--force", is_flag=True, help="Overwrite files in DIR that are not earlier exports of ours, too.")
@AS_JSON
def export(folder: Path, names: tuple[str, ...], db: Path, force: bool, as_json: bool) -> None:
    """Write the whole graph into DIR: every record and every tie, as one file a format, and manifest.json.

    The manifest has rows, bytes and SHA-256 of each file and the build it is of. The same store gives the same bytes.
    Files are put in place whole or not at all. Exit code 0 when everything was written, 2 when nothing was.
    """
    from kb import store
    from kb.export.base import read_source
    from kb.export.formats import FORMATS
    from kb.export.write import MANIFEST
    from kb.export.write import export as run

    with explained(), closing(store.connect(db)) as connection:
        source = read_source(connection)
        written = run(source, folder, [FORMATS[name] for name in dict.fromkeys(names)], force=force)
    manifest = folder / MANIFEST
    if as_json:
        click.echo(manifest.read_text(encoding="utf-8"), nl=False)
        return
    for one in written:
        counts = ", ".join(f"{count} {what}" for what, count in one.counts.items())
        click.echo(f"{folder / one.file}: {counts}, {one.bytes} bytes")
    for entry in json.loads(manifest.read_bytes())["files"]:
        if entry["content_sha256"] != source.content_sha256:
            click.echo(f"{folder / entry['file']} is of another build (as of {entry['as_of']})", err=True)
    click.echo(f"{manifest}: as of {source.as_of}, checksums")
