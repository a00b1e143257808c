#include "moldau/processor/repartition.h"

namespace moldau::inline v0::processor {

TableFactory::~TableFactory() = default;
RepartitionParts::~RepartitionParts() = default;

}  // namespace moldau::inline v0::processor
