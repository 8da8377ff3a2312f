/// What a file's name says of its content: `emnist-letters-test-images-idx3-ubyte.gz` are the test
/// images of a set that is called `emnist-letters`.
///
/// The parts may be joined by `-`, `_` or `.`, and the test set is called `t10k` or `test`.
struct IDXFileName {
  /// What stands before the usual name, without the sign that joins them; empty where nothing does.
  let set: String
  let file: IDXFile
  /// Among names of one file in one set the lowest is taken: plain before `.gz`, as published before
  /// other spellings.
  let rank: Int

  init?(_ name: String) {
    let isCompressed = name.hasSuffix(".gz")
    let stem = name.dropLast(isCompressed ? 3 : 0)
    let parts = stem.split(omittingEmptySubsequences: false) { "-_.".contains($0) }
    guard parts.count >= 4 else { return nil }
    let usual = parts.suffix(4).map(String.init)
    guard usual[2].hasPrefix("idx") else { return nil }
    switch (usual[0], usual[1]) {
    case ("train", "images"): file = .trainImages
    case ("train", "labels"): file = .trainLabels
    case ("t10k", "images"), ("test", "images"): file = .testImages
    case ("t10k", "labels"), ("test", "labels"): file = .testLabels
    default: return nil
    }
    set = String(stem[..<parts[parts.count - 4].startIndex].dropLast())
    let isUsual = stem.hasSuffix(file.name)
    rank =
      (isCompressed ? 4 : 0) + (usual[0] == "test" ? 2 : 0) + (isUsual ? 0 : 1)
  }
}
