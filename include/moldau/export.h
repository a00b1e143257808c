#pragma once

// MOLDAU_EXPORT marks what a shared build of the library shows; everything else is hidden.
// MOLDAU_TESTING_EXPORT marks what it shows to moldau::testing, a library of its own that runs the
// same tasks; the headers of that are not installed.
// MOLDAU_LIFETIMEBOUND tells clang that a result refers to an argument, so a dangling use is a
// warning.

#if defined(MOLDAU_SHARED)
#define MOLDAU_EXPORT __attribute__((visibility("default")))
#else
#define MOLDAU_EXPORT
#endif
#define MOLDAU_TESTING_EXPORT MOLDAU_EXPORT

#if defined(__clang__)
#define MOLDAU_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define MOLDAU_LIFETIMEBOUND
#endif
