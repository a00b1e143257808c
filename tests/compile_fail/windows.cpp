// must say: windowed_by() takes TimeWindows, SlidingWindows, SessionWindows, UnlimitedWindows, or
// windows of your own with windows_for(Timestamp), size() and grace()
#include "program.h"

void wrong(GroupedWords& words) { words.windowed_by(std::string{"daily"}); }
