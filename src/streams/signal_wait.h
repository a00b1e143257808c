#pragma once

#include <functional>

namespace moldau::inline v0::streams {

// Waits until the process gets SIGINT or SIGTERM, or until `ended()` says true (asked some ten
// times a second). While it waits it takes over both signals from whoever handled them, and gives
// them back. Only one wait at a time in a process.
void wait_for_signal(const std::function<bool()>& ended);

}  // namespace moldau::inline v0::streams
