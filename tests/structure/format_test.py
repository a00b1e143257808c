"""Every source is laid out as clang-format 14 does it with .clang-format."""

import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from tree import ROOT, code


def formatted(file):
    # Not --dry-run -Werror: version 14 warns about `}  // namespace moldau::inline v0`, then leaves it as it is.
    return subprocess.run(
        ["clang-format-14", f"--assume-filename={ROOT / file.path}"],
        input=file.text, capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout


class Format(unittest.TestCase):
    def test_sources_are_laid_out_by_clang_format(self):
        sources = list(code())
        self.assertGreater(len(sources), 100)

        with ThreadPoolExecutor(2) as pool:
            wrong = [file.path for file, text in zip(sources, pool.map(formatted, sources)) if text != file.text]

        self.assertEqual([], wrong, "\nclang-format-14 -i " + " ".join(wrong))


if __name__ == "__main__":
    unittest.main()
