/// What a host keeps a copy of this program as.
package struct BundleName: Hashable, Sendable {
  /// The folder's name: the version and the beginning of the digest.
  package let folder: String
  /// SHA-256, in hexadecimal digits, of the list of the files' digests.
  package let digest: String
  /// The machine it runs on, as `uname -m` calls it.
  package let machine: String

  package init(version: String, digest: String, machine: String) {
    folder = "vaesweep-\(version)-\(digest.prefix(12))"
    self.digest = digest
    self.machine = machine
  }
}
