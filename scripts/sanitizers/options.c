// What the sanitizers are told. It is linked into the programs, for tests start programs with environments of their own.
// REPORTS is the beginning of the name of the file that each process with something to report writes.
#define OPTIONS "exitcode=66:log_path=" REPORTS

const char *__tsan_default_options(void) { return OPTIONS; }
const char *__asan_default_options(void) { return OPTIONS; }

// Foundation's Process keeps itself alive on Linux unless a thread blocks in waitUntilExit(), and a part of what it
// allocates even then (swift-corelibs-foundation, issue 3260); with it live its pipes, whose handles, once watched, have
// an address that the search for leaks cannot read. Only tests start processes with it and watch handles.
// The address of what Swift notes beside an object with weak references is kept shifted, where the search finds it not.
const char *__lsan_default_suppressions(void) {
    return "leak:s10Foundation7ProcessC\n"
           "leak:s10Foundation10FileHandleC7monitor\n"
           "leak:formWeakReference\n";
}
const char *__lsan_default_options(void) { return "print_suppressions=0"; }
