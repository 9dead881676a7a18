// What the sanitizers are told. It is linked into the programs, for tests start programs with environments of their own.
// REPORTS is the beginning of the name of the file that each process with something to report writes.
#define OPTIONS "exitcode=66:log_path=" REPORTS

const char *__tsan_default_options(void) { return OPTIONS; }
const char *__asan_default_options(void) { return OPTIONS; }
