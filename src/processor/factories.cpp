#include "moldau/processor/regroup.h"
#include "moldau/processor/repartition.h"

namespace moldau::inline v0::processor {

TableFactory::~TableFactory() = default;
RepartitionParts::~RepartitionParts() = default;
RegroupParts::~RegroupParts() = default;

}  // namespace moldau::inline v0::processor
