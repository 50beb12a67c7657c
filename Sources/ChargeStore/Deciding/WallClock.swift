import Glibc

/// The time of day, for what need not be exact.
enum WallClock {
    static var millisecondsSince1970: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
