#include "topology/reference_order.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace moldau::inline v0::topology {

namespace {

// HashMap mixes the upper bits in.
std::uint32_t spread(std::uint32_t hash) { return hash ^ (hash >> 16); }

// Load factor 0.75, without the rounding of floating point.
bool overfull(std::size_t size, std::size_t capacity) { return size * 4 > capacity * 3; }

std::size_t copied_capacity(std::size_t copied) {
  return std::bit_ceil(std::max<std::size_t>(copied * 4 / 3 + 1, 16));
}

}  // namespace

std::uint32_t string_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (const char c : text) hash = hash * 31 + static_cast<unsigned char>(c);
  return hash;
}

std::vector<std::string> hash_set_order(std::span<const std::string> added, std::size_t capacity) {
  std::vector<std::string> order;
  for (const std::string& text : added) {
    if (std::ranges::find(order, text) == order.end()) order.push_back(text);
  }
  while (overfull(order.size(), capacity)) capacity *= 2;
  // A bucket keeps the order of addition, and a growing map splits buckets without changing it.
  std::ranges::stable_sort(order, {}, [capacity](const std::string& text) {
    return spread(string_hash(text)) & (capacity - 1);
  });
  return order;
}

std::vector<std::string> copied_hash_set_order(std::span<const std::string> added) {
  return hash_set_order(added, copied_capacity(added.size()));
}

std::vector<std::size_t> copied_hash_set_order(std::span<const std::uint32_t> hashes,
                                               std::size_t copied) {
  std::vector<std::size_t> order(hashes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t capacity = copied_capacity(copied);
  std::ranges::stable_sort(
      order, {}, [&](std::size_t position) { return spread(hashes[position]) & (capacity - 1); });
  return order;
}

// Insertion and repair of a red-black tree as every textbook has them: the shape of the tree
// decides which elements a new one is compared with, so it has to be this tree and no other.
void TreeSet::insert(std::size_t element) {
  Node* parent = nullptr;
  Node* Node::*side = nullptr;
  for (Node* at = root_; at != nullptr; at = at->*side) {
    const int order = (*compare_)(element, at->element);
    if (order == 0) return;
    parent = at;
    side = order < 0 ? &Node::left : &Node::right;
  }
  Node* node = nodes_.emplace_back(std::make_unique<Node>(Node{.element = element})).get();
  node->parent = parent;
  if (parent == nullptr) {
    root_ = node;
  } else {
    parent->*side = node;
  }
  repair(node);
}

// Moves `node` down to the side `down`; its child on the other side takes its place.
void TreeSet::rotate(Node* node, Node* Node::*down, Node* Node::*up) {
  Node* child = node->*up;
  node->*up = child->*down;
  if (child->*down != nullptr) (child->*down)->parent = node;
  child->parent = node->parent;
  if (node->parent == nullptr) {
    root_ = child;
  } else if (node->parent->*down == node) {
    node->parent->*down = child;
  } else {
    node->parent->*up = child;
  }
  child->*down = node;
  node->parent = child;
}

void TreeSet::repair(Node* node) {
  while (node != root_ && node->parent->red) {
    Node* grandparent = node->parent->parent;
    const bool parent_is_left = node->parent == grandparent->left;
    Node* Node::*near = parent_is_left ? &Node::left : &Node::right;
    Node* Node::*far = parent_is_left ? &Node::right : &Node::left;
    Node* uncle = grandparent->*far;
    if (uncle != nullptr && uncle->red) {
      node->parent->red = false;
      uncle->red = false;
      grandparent->red = true;
      node = grandparent;
      continue;
    }
    if (node == node->parent->*far) {
      node = node->parent;
      rotate(node, near, far);
    }
    node->parent->red = false;
    grandparent->red = true;
    rotate(grandparent, far, near);
  }
  root_->red = false;
}

std::vector<std::size_t> TreeSet::in_order() const {
  std::vector<std::size_t> elements;
  std::vector<const Node*> above;
  const Node* at = root_;
  while (at != nullptr || !above.empty()) {
    if (at != nullptr) {
      above.push_back(at);
      at = at->left;
    } else {
      at = above.back();
      above.pop_back();
      elements.push_back(at->element);
      at = at->right;
    }
  }
  return elements;
}

}  // namespace moldau::inline v0::topology
