/// What is measured of a run.
enum Figure: String, CaseIterable {
    case callsPerSecond = "calls_per_second"
    case chargesPerSecond = "charges_per_second"
    case p50Milliseconds = "p50_milliseconds"
    case p99Milliseconds = "p99_milliseconds"
    case p999Milliseconds = "p99.9_milliseconds"
    case maximumMilliseconds = "max_milliseconds"
    case failedItemShare = "failed_item_share"
    case refusedCalls = "refused_calls"
    case unexpectedItems = "unexpected_items"
    case unsentCalls = "unsent_calls"
    case commitsPerSecond = "commits_per_second"
    case walBytesPerCharge = "wal_bytes_per_charge"
    case heapOnlyShare = "hot_share"
    case serviceCPUSeconds = "service_cpu_seconds"
    case databaseCPUSeconds = "database_cpu_seconds"
    case generatorCPUSeconds = "generator_cpu_seconds"
    case residentPeakMegabytes = "resident_peak_megabytes"
    case seconds = "seconds"

    /// As a person reads it.
    var title: String {
        switch self {
        case .callsPerSecond: "calls/s"
        case .chargesPerSecond: "charges/s"
        case .p50Milliseconds: "p50 ms"
        case .p99Milliseconds: "p99 ms"
        case .p999Milliseconds: "p99.9 ms"
        case .maximumMilliseconds: "max ms"
        case .failedItemShare: "failed items"
        case .refusedCalls: "refused calls"
        case .unexpectedItems: "unexpected items"
        case .unsentCalls: "unsent calls"
        case .commitsPerSecond: "commits/s"
        case .walBytesPerCharge: "WAL bytes/charge"
        case .heapOnlyShare: "HOT updates"
        case .serviceCPUSeconds: "service CPU s"
        case .databaseCPUSeconds: "database CPU s"
        case .generatorCPUSeconds: "generator CPU s"
        case .residentPeakMegabytes: "node MB at peak"
        case .seconds: "measured s"
        }
    }

    /// A value in as many digits as it deserves.
    func text(_ value: Double) -> String {
        switch self {
        case .failedItemShare, .heapOnlyShare: Decimals.text(value * 100, 1) + "%"
        case .p50Milliseconds, .p99Milliseconds, .p999Milliseconds, .maximumMilliseconds:
            Decimals.text(value, value < 100 ? 2 : 0)
        case .serviceCPUSeconds, .databaseCPUSeconds, .generatorCPUSeconds, .seconds,
            .residentPeakMegabytes:
            Decimals.text(value, 1)
        default: Decimals.text(value, 0)
        }
    }
}
