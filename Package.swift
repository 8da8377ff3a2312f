// swift-tools-version: 6.1
import PackageDescription

// One place for every compiler setting; the loop at the end applies them to all targets.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// The numeric rooms are compiled for AVX2 + FMA on x86-64 (the `haswell` BLAS core). `CPUFeatures`
// is checked before any of it runs, so an older CPU gets a clear line, never an illegal instruction.
// What each flag earns, side by side on Zen 5. AVX2 + FMA: the loss pass takes 70 µs, without them
// 1,130. No errno from square roots: rmsprop on 784-256-2 trains 72,700 images/s, without it 50,300.
// -Ounchecked earned nothing and is gone. The bits are the same with and without each.
#if arch(x86_64)
  let vectorised: [SwiftSetting] = [
    .unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mfma", "-Xcc", "-fno-math-errno"])
  ]
#else
  let vectorised: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-fno-math-errno"])]
#endif

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "vaesweep",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "vaesweep", targets: ["vaesweep"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // From the ground up: a target imports only what stands above it here.
    .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CGIF", providers: [.apt(["libgif-dev"])]),
    .target(name: "ZeroMQ", dependencies: ["CZeroMQ"]),
    // Key files and the list of approved keys, apart from the transport that uses them.
    .target(name: "Keyring", dependencies: ["ZeroMQ", crypto]),
    // Compiled without vector flags: it decides whether the vector code may run at all.
    .target(name: "Processor"),
    // Products in registers of sixteen floats, for CPUs with AVX-512: 1.66 × the images of a step.
    .target(name: "CAVX512"),
    .target(name: "Compute", dependencies: ["CAVX512", "COpenBLAS"], swiftSettings: vectorised),
    .target(name: "Dataset", dependencies: ["Compute", "CZlib", crypto]),
    .target(name: "VAE", dependencies: ["Compute", "Dataset", crypto], swiftSettings: vectorised),
    .target(name: "Sweep", dependencies: ["VAE", crypto]),
    .target(
      name: "Wire", dependencies: ["Sweep", "VAE", protobuf], exclude: ["messages.proto"]),
    .target(name: "SweepFile", dependencies: ["Sweep", "VAE", yams]),
    .target(name: "Study", dependencies: ["Sweep", "VAE"]),
    .target(name: "ResultStore", dependencies: ["Sweep", "VAE", crypto, grdb, sqlite]),
    .target(name: "Report", dependencies: ["CGIF", "CPNG", "Study", "Sweep", "VAE", crypto]),
    .target(
      name: "Worker",
      dependencies: [
        "Wire", "Sweep", "VAE", "Dataset", "Compute", "Processor", "ZeroMQ", logging,
      ]),
    .target(
      name: "Coordinator",
      dependencies: [
        "ResultStore", "Wire", "Sweep", "VAE", "Dataset", "Keyring", "ZeroMQ", logging,
      ],
      exclude: ["Scheduler/lease.pml"]),
    .executableTarget(
      name: "vaesweep",
      dependencies: [
        "Coordinator", "Worker", "Report", "ResultStore", "Study", "SweepFile", "Wire", "Sweep",
        "VAE", "Dataset", "Compute", "Processor", "Keyring", "ZeroMQ", argumentParser, logging,
      ]),
    // Conditions, folders and datasets that tests share.
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "ZeroMQTests", dependencies: ["ZeroMQ"]),
    .testTarget(name: "KeyringTests", dependencies: ["Keyring", "ZeroMQ", "TestSupport"]),
    .testTarget(
      name: "ComputeTests", dependencies: ["Compute", "Processor"], resources: [.copy("Goldens")],
      swiftSettings: vectorised),
    .testTarget(name: "DatasetTests", dependencies: ["Dataset", "TestSupport", crypto]),
    .testTarget(
      name: "VAETests", dependencies: ["VAE", "Dataset", "Compute", "TestSupport", crypto],
      resources: [.copy("Goldens")], swiftSettings: vectorised),
    .testTarget(name: "SweepTests", dependencies: ["Sweep", "VAE"], exclude: ["Goldens"]),
    .testTarget(name: "WireTests", dependencies: ["Wire", "Sweep", "VAE"]),
    .testTarget(name: "SweepFileTests", dependencies: ["SweepFile", "Sweep", "VAE"]),
    .testTarget(name: "StudyTests", dependencies: ["Study", "Sweep", "VAE"], exclude: ["Goldens"]),
    .testTarget(
      name: "ReportTests",
      dependencies: ["CGIF", "CPNG", "Report", "Study", "Sweep", "VAE", "TestSupport"]),
    .testTarget(
      name: "ResultStoreTests", dependencies: ["ResultStore", "Sweep", "VAE", grdb],
      exclude: ["Goldens"]),
    // Also run under the thread sanitizer.
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Coordinator", "Worker", "ResultStore", "SweepFile", "Wire", "Sweep", "VAE", "Dataset",
        "Keyring", "ZeroMQ", "TestSupport", "vaesweep", logging,
      ]),
    // Against the real binary, in real processes.
    .testTarget(name: "CommandLineTests", dependencies: ["TestSupport", "vaesweep", grdb]),
    .testTarget(
      name: "ProtocolTests",
      dependencies: ["Coordinator", "Worker", "Keyring", "Wire", "Sweep", "VAE", "ZeroMQ"]),
  ]
)

// For `deploy/fuzz` alone, which links it with libFuzzer and its main.
if Context.environment["VAESWEEP_FUZZ"] != nil {
  package.products.append(.library(name: "Fuzz", type: .static, targets: ["Fuzz"]))
  package.targets.append(
    .target(
      name: "Fuzz", dependencies: ["Wire", "SweepFile", "Sweep", "VAE", "Dataset"],
      path: "Tests/Fuzz", exclude: ["Corpus"]))
}

// `VAESWEEP_TESTS="StudyTests SweepTests" swift test -c release` builds and runs these alone.
if let chosen = Context.environment["VAESWEEP_TESTS"]?.split(separator: " ").map(String.init) {
  package.targets.removeAll { $0.type == .test && !chosen.contains($0.name) }
}

for target in package.targets where target.type != .system {
  target.swiftSettings = strict + (target.swiftSettings ?? [])
}
