"""Size and names of files, texts beside the code."""

import unittest

import rules
from tree import ROOT, code, files


class Files(unittest.TestCase):
    maxDiff = None

    def check(self, found):
        found = list(found)
        self.assertEqual([], found, "\n" + "\n".join(found))

    def test_no_source_is_too_long(self):
        self.check(line for file in code("include", "src") for line in rules.length(file))

    def test_headers_are_read_once(self):
        self.check(line for file in code() for line in rules.pragma_once(file))

    def test_names_say_what_is_inside(self):
        self.check(line for file in code() for line in rules.telling_name(file.path))

    def test_every_module_has_a_readme(self):
        modules = [folder for folder in (ROOT / "src").iterdir() if folder.is_dir() and folder.name != "cmake"]
        self.check(f"src/{folder.name}: no README.md" for folder in modules if not (folder / "README.md").exists())

    def test_readmes_of_modules_are_short(self):
        self.check(line for file in files("src", endings="README.md") for line in rules.readme_length(file))

    def test_nothing_refers_to_one_machine(self):
        self.check(line for file in files() for line in rules.no_local_places(file))

    def test_links_of_documents_lead_somewhere(self):
        self.check(
            line
            for file in files(endings=".md")
            for line in rules.links(file, lambda target, file=file: ((ROOT / file.path).parent / target).exists())
        )


if __name__ == "__main__":
    unittest.main()
