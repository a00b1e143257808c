// replaced by the test driver
