/// The real MNIST for tests: never committed, found beside the repository.
package enum MNIST {
  /// SHA-256 over the decompressed train images, train labels, test images and test labels.
  package static let digest = "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a"

  /// The folder that holds the four files, or nil: `$VAESWEEP_DATA`, its subfolder `mnist`, or
  /// `shared/mnist` beside the repository or beside the folder of its worktrees.
  package static let folder: String? = {
    let data = Machine.environment["VAESWEEP_DATA"] ?? ""
    var candidates = data.isEmpty ? [] : [data, "\(data)/mnist"]
    let root = repositoryRoot
    candidates += ["\(root)/../shared/mnist", "\(root)/../../shared/mnist"]
    return candidates.first { folder in
      [".gz", ""].contains { Machine.fileExists("\(folder)/train-images-idx3-ubyte\($0)") }
    }
  }()

  /// The repository this file was compiled in.
  package static var repositoryRoot: String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }
}
