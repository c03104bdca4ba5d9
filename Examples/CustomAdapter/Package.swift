// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "CustomAdapter",
    platforms: [.macOS(.v15)],
    products: [.library(name: "SpoolAdapter", targets: ["SpoolAdapter"])],
    dependencies: [.package(name: "megabot-swift", path: "../..")],
    targets: [
        .target(name: "SpoolAdapter", dependencies: [.product(name: "MegaCore", package: "megabot-swift")]),
        .testTarget(
            name: "SpoolAdapterTests",
            dependencies: ["SpoolAdapter", .product(name: "MegaTesting", package: "megabot-swift")]),
    ]
)
