// A file for the headers that are compiled once (MOLDAU_PRECOMPILED_TESTS).
