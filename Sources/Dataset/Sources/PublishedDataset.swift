/// A dataset that is published under a known checksum and can be downloaded.
struct PublishedDataset: Sendable {
  enum Checksum: Equatable, Sendable {
    /// SHA-256 of the decompressed file, however a mirror has compressed it.
    case content(String)
    /// SHA-256 of the `.gz` file as published.
    case archive(String)
  }

  let name: DatasetName
  /// Base URLs, best first.
  let mirrors: [String]
  /// In the order of `IDXFile`.
  let checksums: [Checksum]
  /// Of the whole, where it is known.
  let digest: String?

  init?(_ name: DatasetName) {
    switch name {
    case .mnist: self = .mnist
    case .fashionMNIST: self = .fashionMNIST
    case .digits, .folder: return nil
    }
  }

  private init(name: DatasetName, mirrors: [String], checksums: [Checksum], digest: String?) {
    self.name = name
    self.mirrors = mirrors
    self.checksums = checksums
    self.digest = digest
  }

  static let mnist = PublishedDataset(
    name: .mnist,
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist",
      "https://storage.googleapis.com/cvdf-datasets/mnist",
    ],
    checksums: [
      .content("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
      .content("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
      .content("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
      .content("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ],
    digest: "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a")

  /// Published over plain HTTP only; the checksums, which many projects repeat, make up for it.
  static let fashionMNIST = PublishedDataset(
    name: .fashionMNIST,
    mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"],
    checksums: [
      .archive("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      .archive("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      .archive("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      .archive("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ],
    digest: nil)

  /// Refuses a dataset that is another published one than was asked for, as happens when `--data`
  /// names a folder of MNIST in a sweep of Fashion-MNIST.
  static func refuseAnother(_ prepared: PreparedDataset) throws(DatasetError) {
    guard let wanted = PublishedDataset(prepared.name) else { return }
    for other in [mnist, fashionMNIST] where other.name != wanted.name {
      guard other.digest == prepared.digest else { continue }
      throw DatasetError(
        .otherDataset, "looking for the dataset \(wanted.name) in \(prepared.origin)",
        problem: "what lies there is \(other.name)",
        advice: "move it to a subfolder \(other.name), or correct the dataset's name")
    }
  }

  /// Says that files are not those that were published; nil where they are, or nobody knows.
  func difference(of prepared: PreparedDataset) -> String? {
    guard let digest, digest != prepared.digest else { return nil }
    return "the files in \(prepared.origin) are not the published \(name) "
      + "(digest \(prepared.digest))"
  }
}
