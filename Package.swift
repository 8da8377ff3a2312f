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
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
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
    .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
  ],
  targets: [
    // From the ground up: a target imports only what stands above it here.
    .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CGIF", providers: [.apt(["libgif-dev"])]),
    // Linux calls that Swift cannot make: what runs between vfork and exec, sealed memory.
    .target(name: "CLinux"),
    // What the rest asks of Linux: threads, durable files, signals, limits, errors in words.
    .target(name: "Platform", dependencies: ["CLinux"]),
    .target(name: "ZeroMQ", dependencies: ["CZeroMQ", "Platform"]),
    // Key files, approved keys and invitations, apart from the transport that uses them.
    .target(name: "Keyring", dependencies: ["Platform", "ZeroMQ", crypto]),
    // Compiled without vector flags: it decides whether the vector code may run at all.
    .target(name: "Processor"),
    // Products in registers of sixteen floats, for CPUs with AVX-512: 1.66 × the images of a step.
    .target(name: "CAVX512"),
    .target(name: "Compute", dependencies: ["CAVX512", "COpenBLAS"], swiftSettings: vectorised),
    .target(name: "Dataset", dependencies: ["Compute", "CZlib", "Platform", crypto]),
    .target(
      name: "VAE", dependencies: ["Compute", "Dataset", "Platform", crypto],
      swiftSettings: vectorised),
    .target(name: "Sweep", dependencies: ["VAE", crypto]),
    .target(
      name: "Wire", dependencies: ["Sweep", "VAE", protobuf], exclude: ["messages.proto"]),
    .target(name: "SweepFile", dependencies: ["Sweep", "VAE", yams]),
    .target(name: "Study", dependencies: ["Platform", "Sweep", "VAE"]),
    .target(
      name: "ResultStore",
      dependencies: ["SweepFile", "Platform", "Sweep", "VAE", crypto, grdb, sqlite]),
    .target(
      name: "StoredStudy", dependencies: ["ResultStore", "SweepFile", "Study", "Sweep", "VAE"]),
    .target(name: "Tables", dependencies: ["Platform", "Study", "Sweep", "VAE"]),
    .target(
      name: "Figures", dependencies: ["CGIF", "CPNG", "Tables", "Study", "Sweep", "VAE"],
      resources: [.embedInCode("Charts/chart.css")]),
    .target(
      name: "Report",
      dependencies: ["Figures", "Tables", "Platform", "Study", "Sweep", "VAE", crypto],
      resources: [.embedInCode("Page/page.css")]
        + ["watch", "cloud", "player", "filter", "print", "selftest"].map {
          .embedInCode("Page/Script/\($0).js")
        }),
    .target(
      name: "Worker",
      dependencies: [
        "Wire", "Sweep", "VAE", "Dataset", "Compute", "Processor", "ZeroMQ", "Platform", logging,
      ]),
    .target(
      name: "Coordinator",
      dependencies: [
        "ResultStore", "SweepFile", "Wire", "Sweep", "VAE", "Dataset", "Keyring", "ZeroMQ",
        "Platform", logging,
      ],
      exclude: ["Scheduler/lease.pml"]),
    // The only room with a web server, whose packages no other room sees.
    .target(
      name: "Dashboard",
      dependencies: [
        "Coordinator", "Figures", "Tables", "ResultStore", "Wire", "Sweep", "VAE", "Platform",
        flyingSocks,
      ],
      resources: [.embedInCode("Page/live.css")]
        + ["parts", "progress", "strips", "curves", "hosts", "workers", "follow"].map {
          .embedInCode("Page/Script/\($0).js")
        }),
    // Where workers come from: other hosts, a scheduler's queue. What is done next is decided purely.
    .target(name: "Launch", dependencies: ["Sweep", "Platform", crypto]),
    .executableTarget(
      name: "vaesweep",
      dependencies: [
        "Launch", "Dashboard", "Coordinator", "Worker", "Report", "Tables", "StoredStudy",
        "ResultStore", "Study", "SweepFile", "Wire", "Sweep", "VAE", "Dataset", "Compute",
        "Processor", "Keyring", "ZeroMQ", "Platform", argumentParser, logging,
      ]),
    // Conditions, folders, datasets and outcomes that tests share.
    .target(
      name: "TestSupport", dependencies: ["Sweep", "VAE", "Platform"], path: "Tests/TestSupport"),
    .testTarget(name: "PlatformTests", dependencies: ["Platform", "TestSupport"]),
    .testTarget(name: "ZeroMQTests", dependencies: ["Platform", "ZeroMQ"]),
    .testTarget(name: "KeyringTests", dependencies: ["Keyring", "ZeroMQ", "TestSupport"]),
    .testTarget(
      name: "ComputeTests", dependencies: ["Compute", "Processor"], resources: [.copy("Goldens")],
      swiftSettings: vectorised),
    .testTarget(
      name: "DatasetTests", dependencies: ["Dataset", "Platform", "TestSupport", crypto]),
    .testTarget(
      name: "VAETests",
      dependencies: ["Sweep", "VAE", "Dataset", "Compute", "TestSupport", crypto],
      resources: [.copy("Goldens")], swiftSettings: vectorised),
    .testTarget(
      name: "SweepTests", dependencies: ["Sweep", "VAE", "TestSupport"], exclude: ["Goldens"]),
    .testTarget(name: "WireTests", dependencies: ["Wire", "Sweep", "VAE", "TestSupport"]),
    .testTarget(
      name: "SweepFileTests", dependencies: ["SweepFile", "Sweep", "VAE", "TestSupport"]),
    .testTarget(
      name: "StudyTests", dependencies: ["Study", "Sweep", "VAE", "TestSupport"],
      exclude: ["Goldens"]),
    .testTarget(
      name: "StoredStudyTests",
      dependencies: ["StoredStudy", "ResultStore", "Study", "Sweep", "VAE", "TestSupport"]),
    .testTarget(
      name: "TablesTests", dependencies: ["Tables", "Study", "Sweep", "VAE", "TestSupport"]),
    .testTarget(name: "FiguresTests", dependencies: ["CGIF", "CPNG", "Figures", "Study", "VAE"]),
    .testTarget(
      name: "ReportTests",
      dependencies: ["Report", "Figures", "Study", "Sweep", "VAE", "TestSupport"]),
    .testTarget(
      name: "ResultStoreTests",
      dependencies: ["ResultStore", "SweepFile", "Sweep", "VAE", "TestSupport", grdb],
      exclude: ["Goldens"]),
    .testTarget(
      name: "DashboardTests",
      dependencies: [
        "Dashboard", "Coordinator", "Platform", "ResultStore", "Study", "Sweep", "TestSupport",
        "VAE", "Wire", crypto,
      ]),
    .testTarget(name: "LaunchTests", dependencies: ["Launch", "Platform", "TestSupport"]),
    // Also run under the thread sanitizer.
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Coordinator", "Worker", "ResultStore", "SweepFile", "Wire", "Sweep", "VAE", "Dataset",
        "Keyring", "ZeroMQ", "Platform", "TestSupport", "vaesweep", logging,
      ]),
    // Against the real binary, in real processes.
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "Keyring", "ResultStore", "Sweep", "TestSupport", "VAE", "ZeroMQ", "vaesweep", grdb,
      ]),
    .testTarget(
      name: "ProtocolTests",
      dependencies: [
        "Coordinator", "Platform", "Worker", "Keyring", "Wire", "Sweep", "VAE", "ZeroMQ",
        "TestSupport",
      ]),
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
