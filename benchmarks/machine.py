"""On what figures were measured, in words: machine and versions."""

import platform
import re
import subprocess
from pathlib import Path


def output_of(*command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def first_line(text):
    return text.splitlines()[0] if text else "unknown"


def machine():
    cpu_info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*:\s*(.*)$", cpu_info, re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"), re.MULTILINE)
    return (
        f"{model[1] if model else platform.machine()}, {cpu_info.count('processor')} cores, "
        f"{int(memory[1]) / 2**20:.0f} GiB, Linux {platform.release()}"
    )


def package(name):
    return output_of("dpkg-query", "-W", "-f=${Version}", name)


def library(root):
    """The library, its compiler and its store on disk."""
    commit = output_of("git", "-C", root, "describe", "--always", "--dirty")
    return f"moldau {commit}, {first_line(output_of('c++', '--version'))}, RocksDB {package('librocksdb-dev')}"
