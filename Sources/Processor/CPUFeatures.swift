import Foundation

/// What this CPU is, and whether it can run the numeric rooms.
///
/// It stands in a target of its own, compiled without vector flags: code that asks whether AVX2 is
/// there must not contain AVX2 instructions itself. Nothing in `Compute` or `VAE` may run before
/// `supportsVectorPath` has been seen to be true.
package enum CPUFeatures {
  /// Instruction sets that the vector path and the `haswell` BLAS kernels need.
  #if arch(x86_64)
    private static let needed = ["avx2", "fma"]
  #else
    private static let needed: [String] = []
  #endif

  /// Whether every needed instruction set is there; always true on arm64.
  package static var supportsVectorPath: Bool { missing.isEmpty }

  /// The needed instruction sets that are not there, as `/proc/cpuinfo` spells them.
  package static var missing: [String] { missing(in: flags) }

  /// The model as `/proc/cpuinfo` names it.
  package static var modelName: String { field("model name") ?? "unknown CPU" }

  /// Whether this CPU can run the OpenBLAS kernels named by `OPENBLAS_CORETYPE=core`.
  ///
  /// A core type
  /// that it cannot run dies of SIGILL, so an unknown name is refused.
  package static func canRun(blasCore core: String) -> Bool {
    guard core.lowercased() != "native" else { return true }
    #if arch(x86_64)
      guard let needed = instructionSets[core.lowercased()] else { return false }
      let flags = flags
      return needed.allSatisfy(flags.contains)
    #elseif arch(arm64)
      return ["armv8", "generic"].contains(core.lowercased())
    #else
      return false
    #endif
  }

  /// The needed instruction sets that `flags` lacks.
  package static func missing(in flags: Set<String>) -> [String] {
    needed.filter { !flags.contains($0) }
  }

  /// The flags of the first processor in `/proc/cpuinfo`.
  package static var flags: Set<String> {
    Set((field("flags") ?? "").split(separator: " ").map(String.init))
  }

  /// What each x86-64 kernel family of OpenBLAS 0.3.21 executes.
  ///
  /// Excavator and its elders also use FMA4, which no later CPU has. `generic` is not among them:
  /// asked for it, OpenBLAS runs what the CPU does best.
  private static let instructionSets: [String: [String]] = [
    "prescott": ["pni"], "core2": ["ssse3"], "penryn": ["sse4_1"],
    "dunnington": ["sse4_1"], "nehalem": ["sse4_2"], "sandybridge": ["avx"],
    "haswell": ["avx2", "fma"], "zen": ["avx2", "fma"], "excavator": ["avx2", "fma", "fma4"],
    "skylakex": ["avx2", "fma", "avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512cd"],
    "cooperlake": ["avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512cd", "avx512_bf16"],
    "sapphirerapids": [
      "avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512cd", "avx512_bf16", "amx_bf16",
    ],
    "barcelona": ["sse4a"], "bobcat": ["sse4a", "ssse3"], "atom": ["ssse3"], "nano": ["ssse3"],
    "opteron": [], "opteron_sse3": ["pni"],
    "bulldozer": ["avx", "fma4"], "piledriver": ["avx", "fma", "fma4"],
    "steamroller": ["avx", "fma", "fma4"],
  ]

  private static func field(_ name: String) -> String? {
    // Without /proc nothing is known of the CPU.
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return nil
    }
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      if line[..<colon].trimmingCharacters(in: .whitespaces) == name {
        return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}
