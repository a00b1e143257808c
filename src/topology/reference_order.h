#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The reference prints and numbers things in the order of Java's containers. These give the same
// orders. Texts are ASCII: node, store and topic names are.
namespace moldau::inline v0::topology {

// The order in which a Java HashSet hands out texts that were added in the order given. Duplicates
// are left out. `capacity` is the set's capacity before the first addition, a power of two.
[[nodiscard]] std::vector<std::string> hash_set_order(std::span<const std::string> added,
                                                      std::size_t capacity = 16);
// The same for a set made as a copy of a collection: `new HashSet<>(added)`.
[[nodiscard]] std::vector<std::string> copied_hash_set_order(std::span<const std::string> added);

// java.lang.String.hashCode.
[[nodiscard]] std::uint32_t string_hash(std::string_view text);
// The order in which a HashSet made as a copy of a collection of `copied` elements hands out its
// elements, as positions: they have these hash codes, differ from each other, and came in this
// order.
[[nodiscard]] std::vector<std::size_t> copied_hash_set_order(std::span<const std::uint32_t> hashes,
                                                             std::size_t copied);

// A Java TreeSet whose order may change under it: an element stays where the comparison of the
// moment put it. That is how describe() orders arrows, because a node's size grows while its
// neighbours are being sorted.
class TreeSet {
 public:
  // Negative, zero or positive, as Java's Comparator.
  using Compare = std::function<int(std::size_t, std::size_t)>;
  explicit TreeSet(const Compare& compare) : compare_(&compare) {}

  // Nothing if an element compares equal on the way down.
  void insert(std::size_t element);
  [[nodiscard]] std::vector<std::size_t> in_order() const;

 private:
  struct Node {
    std::size_t element;
    Node* parent = nullptr;
    Node* left = nullptr;
    Node* right = nullptr;
    bool red = true;
  };

  void rotate(Node* node, Node* Node::*down, Node* Node::*up);
  void repair(Node* node);

  const Compare* compare_;  // outlives the set
  std::vector<std::unique_ptr<Node>> nodes_;
  Node* root_ = nullptr;
};

}  // namespace moldau::inline v0::topology
