// Tells the thread sanitizer what a contended `Mutex` of Swift's Synchronization module orders.
//
// The short way of `Mutex` (nobody else wants it) is compiled into its user, so that the sanitizer sees it. The long way
// is in libswiftSynchronization.so of the toolchain, which is not built for the sanitizer: there a lock passes from one
// thread to the next by a futex, and the sanitizer takes what both do under the lock for a race. `sanitize.sh` links this
// file into all that it builds for the thread sanitizer; the long way then goes through these three functions, which do
// nothing but call the toolchain's own and say "released" before or "acquired" after. What no lock orders is reported
// as before: `self-test.swift` shows both on each run.
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// The names are those of the ABI of Swift on Linux: Synchronization._MutexHandle, and its methods.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void mutex_lock(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT bool mutex_try_lock(SELF void *mutex) __asm__(TRY_LOCK);
SWIFT void mutex_unlock(SELF void *mutex) __asm__(UNLOCK);

static void *toolchains(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) {
        fprintf(stderr, "mutex-edges: libswiftSynchronization.so has no %s\n", name);
        abort();
    }
    return function;
}

SWIFT void mutex_lock(uint32_t thread, SELF void *mutex) {
    ((SWIFT void (*)(uint32_t, SELF void *))toolchains(LOCK))(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT bool mutex_try_lock(SELF void *mutex) {
    bool is_ours = ((SWIFT bool (*)(SELF void *))toolchains(TRY_LOCK))(mutex);
    if (is_ours) __tsan_acquire(mutex);
    return is_ours;
}

SWIFT void mutex_unlock(SELF void *mutex) {
    __tsan_release(mutex);
    ((SWIFT void (*)(SELF void *))toolchains(UNLOCK))(mutex);
}
