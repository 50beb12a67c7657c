// The faults of a machine that a process cannot cause from outside: a clock that is wrong, a slow disk and a full one.
// scripts/faults loads this library into the nodes and the servers of its cluster (LD_PRELOAD). It does nothing until
// the control file of the process says so: FAULTS_CONTROL/NAME, where NAME is that of scripts/cluster, three numbers of
// 64 bits.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control {
    volatile int64_t clock_offset_seconds;
    volatile int64_t fsync_delay_milliseconds;
    volatile int64_t full; // 1: what grows under base; 2: what grows under pg_wal
};
static struct control nothing;
static struct control *control = &nothing;

// The name of the process: what follows -D, without its folder, or --node-name.
__attribute__((constructor)) static void find_control(void) {
    char line[4096], path[4096], *name = NULL;
    const char *folder = getenv("FAULTS_CONTROL");
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    if (file < 0 || !folder) return;
    ssize_t length = read(file, line, sizeof line - 1);
    close(file);
    if (length <= 0) return;
    line[length] = 0;
    for (char *word = line; word < line + length; word += strlen(word) + 1)
        if (!strcmp(word, "-D") || !strcmp(word, "--node-name")) name = word + strlen(word) + 1;
    if (!name || name >= line + length) return;
    if (strrchr(name, '/')) name = strrchr(name, '/') + 1;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED) control = mapped;
}

#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int clock_gettime(clockid_t clock, struct timespec *moment) {
    NEXT(clock_gettime);
    int result = next(clock, moment);
    if (!result && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        moment->tv_sec += control->clock_offset_seconds;
    return result;
}
int gettimeofday(struct timeval *restrict moment, void *restrict zone) {
    NEXT(gettimeofday);
    int result = next(moment, zone);
    if (!result) moment->tv_sec += control->clock_offset_seconds;
    return result;
}
time_t time(time_t *moment) {
    NEXT(time);
    time_t result = next(NULL) + control->clock_offset_seconds;
    if (moment) *moment = result;
    return result;
}

static void delay(void) {
    int64_t left = control->fsync_delay_milliseconds;
    if (left > 0) usleep((useconds_t)left * 1000);
}
int fsync(int file) {
    NEXT(fsync);
    delay();
    return next(file);
}
int fdatasync(int file) {
    NEXT(fdatasync);
    delay();
    return next(file);
}

// Whether a file may not grow to a size. As on a disk that is full, what is there already may be written over.
static int is_full(int file, off_t size) {
    char link[64], path[4096];
    struct stat status;
    if (!control->full) return 0;
    if (fstat(file, &status) || !S_ISREG(status.st_mode) || size <= status.st_size) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return ((control->full & 1) && strstr(path, "/base/")) || ((control->full & 2) && strstr(path, "/pg_wal/"));
}
#define REFUSE_IF_FULL(file, size) \
    if (is_full(file, size)) { \
        errno = ENOSPC; \
        return -1; \
    }

ssize_t write(int file, const void *bytes, size_t count) {
    NEXT(write);
    if (control->full) REFUSE_IF_FULL(file, lseek(file, 0, SEEK_CUR) + (off_t)count);
    return next(file, bytes, count);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    NEXT(pwrite);
    REFUSE_IF_FULL(file, offset + (off_t)count);
    return next(file, bytes, count, offset);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    NEXT(pwrite64);
    REFUSE_IF_FULL(file, offset + (off_t)count);
    return next(file, bytes, count, offset);
}
ssize_t pwritev(int file, const struct iovec *pieces, int count, off_t offset) {
    NEXT(pwritev);
    off_t size = offset;
    for (int i = 0; i < count; i++) size += (off_t)pieces[i].iov_len;
    REFUSE_IF_FULL(file, size);
    return next(file, pieces, count, offset);
}
ssize_t pwritev64(int file, const struct iovec *pieces, int count, off64_t offset) {
    NEXT(pwritev64);
    off_t size = offset;
    for (int i = 0; i < count; i++) size += (off_t)pieces[i].iov_len;
    REFUSE_IF_FULL(file, size);
    return next(file, pieces, count, offset);
}
int posix_fallocate(int file, off_t offset, off_t length) {
    NEXT(posix_fallocate);
    if (is_full(file, offset + length)) return ENOSPC;
    return next(file, offset, length);
}
int posix_fallocate64(int file, off64_t offset, off64_t length) {
    NEXT(posix_fallocate64);
    if (is_full(file, offset + length)) return ENOSPC;
    return next(file, offset, length);
}
