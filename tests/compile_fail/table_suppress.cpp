// must say: suppress(until_window_closes()) needs a table of windows: K is Windowed<...>
#include "program.h"

void wrong(WordTable& table) { table.suppress(moldau::until_window_closes()); }
