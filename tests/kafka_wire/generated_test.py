"""The generated protocol structs are what the generator makes of the schema."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

WIRE = pathlib.Path(__file__).resolve().parents[2] / "src" / "kafka" / "wire"


class Generated(unittest.TestCase):
    def test_files_are_what_the_generator_writes(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, str(WIRE / "generate"), folder], check=True)
            names = sorted(path.name for path in pathlib.Path(folder).iterdir())
            self.assertEqual(names, ["messages.cpp", "messages.h"])
            for name in names:
                self.assertEqual((WIRE / name).read_text(encoding="utf-8"),
                                 (pathlib.Path(folder) / name).read_text(encoding="utf-8"),
                                 f"{name} is out of date: run src/kafka/wire/generate")


if __name__ == "__main__":
    unittest.main()
