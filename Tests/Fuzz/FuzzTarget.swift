import Glibc

/// What is fuzzed: one decoder, named by `VAESWEEP_FUZZ_TARGET`.
///
/// Each takes any bytes and must return; besides, what it accepts must come back unchanged from a
/// round through the writer.
enum FuzzTarget: String, CaseIterable {
  case frames
  case yaml
  case idx
  case cache
  case checkpoint
  case arrays

  func take(_ bytes: UnsafeBufferPointer<UInt8>) {
    switch self {
    case .frames: fuzzFrames(bytes)
    case .yaml: fuzzYAML(bytes)
    case .idx: fuzzIDX(bytes)
    case .cache: fuzzCache(bytes)
    case .checkpoint: fuzzCheckpoint(bytes)
    case .arrays: fuzzArrays(bytes)
    }
  }

  static let chosen: FuzzTarget = {
    let name = getenv("VAESWEEP_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      broken("VAESWEEP_FUZZ_TARGET must be one of \(names)")
    }
    return target
  }()
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  FuzzTarget.chosen.take(UnsafeBufferPointer(start: data, count: size))
  return 0
}

/// A finding: libFuzzer keeps the input.
func broken(_ what: String) -> Never {
  let line = Array("fuzz: \(what)\n".utf8)
  _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  abort()
}
