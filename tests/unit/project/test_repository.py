"""Nothing in the repository says where packages come from: that is each machine's own setting."""

import subprocess

import pytest

from tests.support.paths import ROOT

# In pieces, so that this file does not hold what it looks for.
REGISTRY_TRACES = (
    "pypi." + "org",
    "python" + "hosted.org",
    "registry." + "npmjs.org",
    "--index" + "-url",
    "--extra-" + "index-url",
    "--find" + "-links",
)


def test_no_file_names_a_package_registry() -> None:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout, so what belongs to the repository is not known")
    files = [ROOT / name.decode() for name in listing.stdout.split(b"\0") if name]

    breaches = [
        f"{file.relative_to(ROOT)}: {trace}"
        for file in files
        if file.is_file()
        for trace in REGISTRY_TRACES
        if trace.encode() in file.read_bytes()
    ]

    assert not breaches, "\n".join(breaches)
