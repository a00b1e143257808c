#pragma once

namespace moldau::inline v0 {

class StreamsBuilder;
class Topology;
template <class K, class V>
class KStream;
template <class K, class V>
class KTable;
template <class K, class V>
class KGroupedStream;
template <class K, class V>
class KGroupedTable;
template <class K, class V>
class BranchedKStream;
template <class K, class Agg>
class CogroupedKStream;
template <class K, class V>
class GlobalKTable;

template <class KIn, class VIn, class KOut, class VOut>
class Processor;
template <class K, class VIn, class VOut>
class FixedKeyProcessor;
template <class KOut, class VOut>
class ProcessorContext;
template <class K, class VOut>
class FixedKeyProcessorContext;

template <class K, class V>
class Record;
template <class V>
struct Change;
template <class K, class V>
struct KeyValue;

template <class T>
struct Serde;
template <class T>
class AnySerde;

}  // namespace moldau::inline v0
