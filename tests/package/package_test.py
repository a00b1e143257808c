"""Programs of users find the library, compile, link and run: by CMake's find_package and add_subdirectory, by
pkg-config, static and shared.

  package_test.py install-static  FOLDER BUILD        installs an existing build into FOLDER/static
  package_test.py add-subdirectory FOLDER COMPILER [schema-registry]
                                                      builds shared libraries and the examples as a part of the
                                                      users' project, with warnings as errors, and installs the
                                                      libraries into FOLDER/shared
  package_test.py find-package    FOLDER COMPILER static|shared [schema-registry]
  package_test.py pkg-config      FOLDER COMPILER static|shared [schema-registry]
  package_test.py versions        FOLDER COMPILER

`schema-registry`: moldau::schema_registry was built and is tried too.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONSUMER = HERE / "consumer"
VERSION = re.search(r"project\(moldau VERSION (\d+\.\d+)\.\d+", (ROOT / "CMakeLists.txt").read_text())[1]


def run(*command, **environment):
    print("+", *command, flush=True)
    subprocess.run([str(word) for word in command], check=True, env={**os.environ, **environment})


def output(*command, **environment):
    print("+", *command, flush=True)
    return subprocess.run([str(word) for word in command], check=True, env={**os.environ, **environment},
                          stdout=subprocess.PIPE, text=True).stdout


def configure(source, build, compiler, *options):
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={compiler}",
        "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", *options)


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def install_static(folder, build):
    run("cmake", "--install", build, "--prefix", fresh(folder / "static"))


def programs(components):
    """Names of the consumer's programs: of the library, and of each component."""
    return ["consumer", *(component.replace("-", "_") + "_consumer" for component in components)]


def with_components(components):
    return "-DMOLDAU_COMPONENTS=" + ";".join(component.replace("-", "_") for component in components)


def find_package(folder, compiler, kind, *components):
    build = fresh(folder / f"find-package-{kind}")
    configure(CONSUMER, build, compiler, f"-DCMAKE_PREFIX_PATH={folder / kind}", f"-DMOLDAU_VERSION={VERSION}",
              with_components(components))
    run("ninja", "-C", build)
    for program in programs(components):
        run(build / program)


def pkg_config(folder, compiler, kind, *components):
    prefix = folder / kind
    where = [str(path.parent) for path in prefix.rglob("moldau.pc")]
    libraries = {str(path.parent) for path in prefix.rglob("libmoldau.*")}
    for name, module in zip(programs(components), ("testing", *components)):
        program = folder / f"pkg-config-{kind}-{name}"
        flags = output("pkg-config", "--cflags", "--libs", f"moldau-{module}", PKG_CONFIG_PATH=":".join(where)).split()
        run(compiler, "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", CONSUMER / f"{name}.cpp", "-o", program,
            *flags)
        run(program, LD_LIBRARY_PATH=":".join(libraries))


def versions(folder, compiler):
    """Before 1.0 a minor version is a promise of its own."""
    major, minor = (int(number) for number in VERSION.split("."))
    for wanted in (f"{major}.{minor + 1}", f"{major + 1}.0"):
        build = fresh(folder / "versions")
        result = subprocess.run(
            ["cmake", "-S", CONSUMER, "-B", build, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={compiler}",
             f"-DCMAKE_PREFIX_PATH={folder / 'static'}", f"-DMOLDAU_VERSION={wanted}"],
            stderr=subprocess.PIPE, text=True)
        print(result.stderr, flush=True)
        if result.returncode == 0 or f"version: {VERSION}" not in result.stderr:
            sys.exit(f"version {wanted} should not be found")


def add_subdirectory(folder, compiler, *components):
    build = folder / "add-subdirectory"
    # What is looked at is warnings and linking: the quickest code to compile will do.
    options = [f"-DMOLDAU_SOURCE={ROOT}", "-DMOLDAU_INSTALL=ON", "-DMOLDAU_WERROR=ON", "-DBUILD_SHARED_LIBS=ON",
               "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0", with_components(components)]
    configure(CONSUMER, fresh(build), compiler, *options)
    strangers = [name for name in ("examples", "tests", "benchmarks") if (build / "moldau" / name).exists()]
    if strangers:
        sys.exit(f"a part of another project brings {strangers}")
    configure(CONSUMER, build, compiler, *options, "-DMOLDAU_BUILD_EXAMPLES=ON")
    run("ninja", "--quiet", "-C", build)
    for program in programs(components):
        run(build / program)
    run("cmake", "--install", build / "moldau", "--prefix", fresh(folder / "shared"))


if __name__ == "__main__":
    command, folder, *arguments = sys.argv[1:]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    globals()[command.replace("-", "_")](folder, *arguments)
