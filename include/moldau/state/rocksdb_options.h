#pragma once

#include <functional>
#include <string_view>

namespace rocksdb {
struct Options;
}

namespace moldau::inline v0 {

// Changes the RocksDB options of a store, before it is opened: the counterpart of
// `rocksdb.config.setter`. Include <rocksdb/options.h> where you write one; it must be the RocksDB
// that this library was built with.
//
// Called for each store on disk of each task, with the store's name, on the thread that opens it.
// The options come filled in as the library would use them; their block cache and write buffer
// manager are shared by all stores of the process, and replacing them takes the store out of the
// process's budget. What the library cannot work without is set again afterwards: that a missing
// database is made, the order of keys by their bytes, and recovery up to the last whole batch.
// Throws nothing but what should keep the task from starting.
using RocksDbOptionsSetter = std::function<void(std::string_view store, rocksdb::Options& options)>;

}  // namespace moldau::inline v0
