"""Every source is laid out as clang-format 14 does it with .clang-format."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tree import ROOT, code


def formatted(files):
    """The text of each, by one process: to start it takes longer than a file does."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / ".clang-format", folder)
        copies = [Path(folder, file.path) for file in files]
        for file, copy in zip(files, copies):
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(file.text)
        # Not --dry-run -Werror: version 14 warns about `}  // namespace moldau::inline v0`, then leaves it as it is.
        subprocess.run(["clang-format-14", "-i", *copies], check=True)
        return [copy.read_text() for copy in copies]


class Format(unittest.TestCase):
    def test_sources_are_laid_out_by_clang_format(self):
        sources = list(code())
        self.assertGreater(len(sources), 100)

        wrong = [file.path for file, text in zip(sources, formatted(sources)) if text != file.text]

        self.assertEqual([], wrong, "\nclang-format-14 -i " + " ".join(wrong))


if __name__ == "__main__":
    unittest.main()
