"""What counts as found out when a soak with a mistake ends."""

import unittest

from soak_mutations import Outcome, run_all

FINE = "wipes         0\n0 lost, 0 doubled, 0 out of order\n"


class FoundOut(unittest.TestCase):
    def test_a_verdict_that_is_not_all_zeros(self):
        self.assertTrue(Outcome(1, FINE.replace("0 doubled", "3 doubled")).found_out)

    def test_a_problem_without_a_verdict(self):
        self.assertTrue(Outcome(1, "wrong: instance1.2 ended with status 1\n").found_out)

    def test_not_if_all_is_well(self):
        self.assertFalse(Outcome(0, FINE).found_out)

    def test_not_if_the_run_could_not_be_made(self):
        self.assertFalse(Outcome(2, "eos_soak: the broker does not start\n").found_out)

    def test_not_if_it_does_not_say_what_is_wrong(self):
        self.assertFalse(Outcome(1, "Traceback (most recent call last):\n").found_out)

    def test_the_cells_of_the_table(self):
        text = "wipes         2\nwrong: a store\nwrong: another\n1 lost, 2 doubled, 3 out of order\n"

        self.assertEqual(["1", "2", "3", "2", "a store"], Outcome(1, text).cells())


class AllMutations(unittest.TestCase):
    def test_one_that_is_not_found_out_is_enough_to_fail(self):
        outcomes = {"a": Outcome(1, "wrong: a store\n"), "b": Outcome(0, FINE)}

        def soak(_, arguments):
            return outcomes[arguments[arguments.index("--mutation") + 1]]

        self.assertTrue(run_all("", 60, [], names=("a",), soak=soak))
        self.assertFalse(run_all("", 60, [], names=("a", "b"), soak=soak))


if __name__ == "__main__":
    unittest.main()
