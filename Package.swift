// swift-tools-version: 6.2

import PackageDescription

/// Every target is compiled under the same rules; `scripts/test` adds
/// `--explicit-target-dependency-import-check error`, so that a module can import
/// nothing but what its line below names. docs/architecture.md says why.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "countersign",
    products: [
        .executable(name: "countersign", targets: ["countersign"]),
        .library(name: "LibPQ", targets: ["LibPQ"]),
        .library(name: "ConnectionPool", targets: ["ConnectionPool"]),
    ],
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "LibPQ", dependencies: ["CLibPQ"], swiftSettings: settings),
        .target(
            name: "Scheduling",
            dependencies: [.product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings
        ),
        .target(name: "ConnectionPool", dependencies: ["Scheduling"], swiftSettings: settings),
        .target(name: "EmbeddedPostgres", swiftSettings: settings),
        .target(name: "StrictJSON", swiftSettings: settings),
        .target(name: "DelimitedText", swiftSettings: settings),
        .target(name: "Charges", swiftSettings: settings),
        .target(name: "Telemetry", swiftSettings: settings),
        .target(
            name: "ChargeStore",
            dependencies: [
                "Charges", "Authentication", "LibPQ", "ConnectionPool", "DelimitedText", "Scheduling",
                "StrictJSON",
                "Telemetry",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [
                .embedInCode("Migrations/SQL"), .embedInCode("Migrations/roles.sql"),
                .embedInCode("Reports/SQL"), .embedInCode("Checks/SQL"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Authentication",
            dependencies: [
                "Charges", "Scheduling",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "HTTPFront",
            dependencies: [
                "Charges", "Authentication", "DelimitedText", "Scheduling", "StrictJSON", "Telemetry",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("OpenAPI/Document"), .embedInCode("OpenAPI/Page")],
            swiftSettings: settings
        ),
        .target(
            name: "Console",
            dependencies: [
                "Charges", "Authentication", "DelimitedText", "HTTPFront",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Templates"), .embedInCode("Style")],
            swiftSettings: settings
        ),
        .target(
            name: "Benchmark",
            dependencies: [
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "countersign",
            dependencies: [
                "LibPQ", "ConnectionPool", "EmbeddedPostgres", "StrictJSON", "DelimitedText", "Charges",
                "ChargeStore", "Authentication", "Console", "HTTPFront", "Scheduling", "Telemetry",
                "Benchmark",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // Makes the API's page from the OpenAPI document, for scripts/api-page.
        .executableTarget(
            name: "APIPage", dependencies: ["HTTPFront", "StrictJSON"], swiftSettings: settings),

        // What tests need besides themselves: a PostgreSQL of their own, a database each.
        .target(
            name: "TestSupport",
            dependencies: [
                "LibPQ", "ConnectionPool", "EmbeddedPostgres", "Charges", "Authentication", "ChargeStore",
                "Telemetry",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        // The fault suite: what a run records, and what judges the record.
        .target(name: "FaultJournal", path: "Tests/Faults/Journal", swiftSettings: settings),
        .target(
            name: "FaultChecker", dependencies: ["FaultJournal"], path: "Tests/Faults/Checker",
            swiftSettings: settings),
        .executableTarget(
            name: "faults",
            dependencies: [
                "FaultJournal", "FaultChecker", "LibPQ", "StrictJSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Faults/Command",
            swiftSettings: settings
        ),
        // Tests that need nothing.
        .testTarget(
            name: "SchedulingTests", dependencies: ["Scheduling"],
            path: "Tests/Unit/SchedulingTests", swiftSettings: settings),
        .testTarget(
            name: "ConnectionPoolTests", dependencies: ["ConnectionPool", "Scheduling"],
            path: "Tests/Unit/ConnectionPoolTests", swiftSettings: settings),
        .testTarget(
            name: "ChargesTests", dependencies: ["Charges"],
            path: "Tests/Unit/ChargesTests", swiftSettings: settings),
        .testTarget(
            name: "DelimitedTextTests", dependencies: ["DelimitedText"],
            path: "Tests/Unit/DelimitedTextTests", swiftSettings: settings),
        .testTarget(
            name: "TelemetryTests", dependencies: ["Telemetry"],
            path: "Tests/Unit/TelemetryTests", swiftSettings: settings),
        .testTarget(
            name: "BenchmarkTests",
            dependencies: ["Benchmark", .product(name: "NIOCore", package: "swift-nio")],
            path: "Tests/Unit/BenchmarkTests", swiftSettings: settings),
        .testTarget(
            name: "AuthenticationTests",
            dependencies: [
                "Authentication", "Charges", .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Tests/Unit/AuthenticationTests", swiftSettings: settings),
        .testTarget(
            name: "HTTPFrontTests",
            dependencies: [
                "APIPage", "Console", "HTTPFront", "Authentication", "Charges", "Scheduling", "StrictJSON",
                "Telemetry",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Tests/Unit/HTTPFrontTests", swiftSettings: settings),
        .testTarget(
            name: "LibPQUnitTests", dependencies: ["LibPQ"],
            path: "Tests/Unit/LibPQUnitTests", swiftSettings: settings),
        .testTarget(
            name: "ChargeStoreUnitTests",
            dependencies: [
                "ChargeStore", "Charges", "LibPQ", .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Unit/ChargeStoreUnitTests", swiftSettings: settings),
        .testTarget(
            name: "CountersignUnitTests", dependencies: ["countersign", "ChargeStore"],
            path: "Tests/Unit/CountersignUnitTests", swiftSettings: settings),
        .testTarget(
            name: "FaultCheckerTests", dependencies: ["FaultChecker", "FaultJournal", "TestSupport"],
            path: "Tests/Unit/FaultCheckerTests", swiftSettings: settings),
        // Tests that need a database.
        .testTarget(
            name: "LibPQTests", dependencies: ["LibPQ", "TestSupport"],
            path: "Tests/Database/LibPQTests", swiftSettings: settings),
        .testTarget(
            name: "ChargeStoreTests",
            dependencies: [
                "ChargeStore", "Authentication", "Charges", "LibPQ", "ConnectionPool", "Scheduling",
                "Telemetry",
                "EmbeddedPostgres", "TestSupport",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Database/ChargeStoreTests", exclude: ["Statements/statement_digest.py"],
            swiftSettings: settings),
        // Tests that need the whole service: the executable as its users run it.
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "countersign", "Charges", "ChargeStore", "LibPQ", "EmbeddedPostgres", "StrictJSON",
                "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Service", exclude: ["Reconciliation/planted_differences.py"], swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
