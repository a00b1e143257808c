#pragma once

// MOLDAU_EXPORT marks what a shared build of the library shows; everything else is hidden.
// MOLDAU_LIFETIMEBOUND tells clang that a result refers to an argument, so a dangling use is a
// warning.

#if defined(MOLDAU_SHARED)
#define MOLDAU_EXPORT __attribute__((visibility("default")))
#else
#define MOLDAU_EXPORT
#endif

#if defined(__clang__)
#define MOLDAU_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define MOLDAU_LIFETIMEBOUND
#endif
