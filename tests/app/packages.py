"""Test tools that Debian does not have, from npm and PyPI: installed once, in the cache folder. What cannot be had is named."""
import os, pathlib, subprocess

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "tideline" / "libraries"


def install(what, *commands):
    """Why it cannot be had, or nothing."""
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=100)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{what} cannot be installed: {error}"
        if done.returncode != 0:
            return f"{what} cannot be installed: {' '.join((done.stderr or done.stdout).split())[-200:]}"


def install_npm(folder, package, main):
    """`package` as name@version, unless its file `main` is there already."""
    if not (folder / "node_modules" / package.rsplit("@", 1)[0] / main).exists():
        folder.mkdir(parents=True, exist_ok=True)
        return install(package, ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund",
                                 "--fetch-retries=1", "--fetch-timeout=20000", package])
