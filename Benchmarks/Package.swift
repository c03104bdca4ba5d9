// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let mega = "megabot-swift"

let package = Package(
    name: "megabot-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: mega, path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "bench",
            dependencies: [
                .product(name: "MegaCore", package: mega), .product(name: "MegaSecurity", package: mega),
                .product(name: "MegaMemory", package: mega), .product(name: "MegaAdapters", package: mega),
                .product(name: "MegaNetworking", package: mega), .product(name: "MegaTools", package: mega),
                .product(name: "MegaTesting", package: mega),
                // Only so that one build of this package also makes the daemon whose start, size and memory are measured.
                .product(name: "megabot", package: mega),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: settings),
        // What the kernel and the load generator allow at most, whatever a server does.
        .executableTarget(name: "echo"),
    ],
    swiftLanguageModes: [.v6]
)
